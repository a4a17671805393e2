/**
 * Asks once for each object, and remembers the answer for as long as the object lives. Only for what follows from the object
 * alone, and for objects that never change: then asking again would bring nothing but work.
 */
export function onceFor<K extends object, V extends object>(ask: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, V>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const answer = ask(of);
    known.set(of, answer);
    return answer;
  };
}
