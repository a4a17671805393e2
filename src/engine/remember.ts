/**
 * Asks once for each value, and remembers so many of the answers: what others can make us remember is bounded. Only for what follows
 * from the value alone.
 */
export function remember<K extends string | number, V extends NonNullable<unknown>>(
  ask: (of: K) => V,
  most: number,
): (of: K) => V {
  const known = new Map<K, V>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    if (known.size >= most) known.clear();
    const answer = ask(of);
    known.set(of, answer);
    return answer;
  };
}

/** Texts that are longer differ from process to process: remembering them would bring nothing. */
const longestRemembered = 128;
const mostRemembered = 1024;

/** The same for texts: thousands of processes share a few hundred programs and cgroups. */
export function rememberTexts<T extends string, V extends NonNullable<unknown>>(ask: (text: T) => V): (text: T) => V {
  const remembered = remember(ask, mostRemembered);
  return (text) => (text.length > longestRemembered ? ask(text) : remembered(text));
}
