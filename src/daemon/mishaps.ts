/** Errors that come up beside the loop: in a timer, or in what a thread called back. */
export interface Mishaps extends Disposable {
  /** Rejects with the first of them; never resolves. */
  readonly first: Promise<never>;
}

/**
 * Takes errors that nobody else could catch, so that they end the daemon as those of the loop do: told in the journal, with
 * an exit code of the table, and not with a stack on a stderr that may block.
 */
export function watchForMishaps(): Mishaps {
  const { promise, reject } = withReject();
  process.on("uncaughtException", reject);
  return { first: promise, [Symbol.dispose]: () => void process.off("uncaughtException", reject) };
}

function withReject(): { readonly promise: Promise<never>; readonly reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
