/** Texts that are longer differ from process to process: remembering them would bring nothing. */
const longestRemembered = 128;
const mostRemembered = 1024;

/**
 * Asks once for each text: thousands of processes share a few hundred programs and cgroups. What others can make us remember is bounded.
 * Only for what follows from the text alone.
 */
export function rememberTexts<T extends string, V>(ask: (text: T) => V): (text: T) => V {
  const known = new Map<T, V>();
  return (text) => {
    if (text.length > longestRemembered) return ask(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= mostRemembered) known.clear();
    const answer = ask(text);
    known.set(text, answer);
    return answer;
  };
}
