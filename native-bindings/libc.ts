import koffi from "koffi";

/** Where the C library is, by its own names: glibc, then musl. */
const libraryNames = ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];

type Native = (...args: never[]) => unknown;

/** A native function, called in this thread or on a thread of libuv's pool, which has four of them. */
export type NativeFunction<F extends Native> = F & {
  /** `done` runs on the main thread; at its beginning `lastErrno()` is the errno of the call. */
  async(...args: [...Parameters<F>, (error: unknown, result: ReturnType<F>) => void]): void;
};

/** Makes a value when it is first asked for, so that importing a binding does no work. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const libc = lazy(() => {
  const failures: unknown[] = [];
  for (const name of libraryNames) {
    try {
      return koffi.load(name);
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, `Cannot load the C library: none of ${libraryNames.join(", ")} is there`);
});

/** Declares a function of the C library by its prototype; it is looked up at the first call of what is returned. */
export const declare = <F extends Native>(prototype: string): (() => NativeFunction<F>) =>
  lazy(() => libc().func(prototype) as unknown as NativeFunction<F>);

/** The same for threads, which before glibc 2.34 have a library of their own. */
export const declareThreading = <F extends Native>(prototype: string): (() => NativeFunction<F>) =>
  lazy(() => {
    try {
      return libc().func(prototype) as unknown as NativeFunction<F>;
    } catch {
      return koffi.load("libpthread.so.0").func(prototype) as unknown as NativeFunction<F>;
    }
  });

/** The same for what not every system has, in Node itself or a library that it has loaded. Undefined: it is not there. */
export const declareIfThere = <F extends Native>(prototype: string): (() => NativeFunction<F> | undefined) =>
  lazy(() => {
    try {
      return koffi.load(null).func(prototype) as unknown as NativeFunction<F>;
    } catch {
      return undefined;
    }
  });

/** Where a function of the C library begins. @throws Error when it has none of that name */
export const libcAddress = (name: string): bigint => koffi.address(libc().symbol(name));

/** Where a function or a variable of Node itself or of a library that it has loaded begins. Undefined: it is not there, or kept private. */
export function addressIfThere(name: string): bigint | undefined {
  try {
    return koffi.address(koffi.load(null).symbol(name));
  } catch {
    return undefined;
  }
}

/** The errno of the native call before. Anything in between may change it, so it is read first. */
export const lastErrno = (): number => koffi.errno();
