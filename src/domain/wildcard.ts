/** Whether all of `text` is what `pattern` says, `*` standing for any characters. In linear time: others choose the text. */
export function matchesWildcard(text: string, pattern: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

/** Whether a path is one that a pattern names: name by name, so that no star stands for a slash. */
export function fitsPath(path: string, pattern: string): boolean {
  const [names, wanted] = [namesIn(path), namesIn(pattern)];
  return names.length === wanted.length && names.every((name, at) => matchesWildcard(name, wanted[at] ?? ""));
}

const namesIn = (path: string): readonly string[] => path.split("/").filter((name) => name !== "");
