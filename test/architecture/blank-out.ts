/** A text with some of it replaced by spaces, so that every position and line stays where it was. */
export interface Blanked {
  /** Comments are spaces; strings are there. */
  readonly uncommented: string;
  /** Comments, regular expressions and strings are spaces: what is left is code. */
  readonly code: string;
}

interface Piece {
  readonly kind: "code" | "comment" | "text";
  readonly text: string;
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const quoted = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y;
const regex = /\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** A piece of a template, from its opening (or the end of a `${}`) to its end (or the next `${`). */
const template = /[`}](?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;
const plain = /[^"'`/{}]+|[\s\S]/y;

/** What may come right before a `/` that begins a regular expression; after anything else it divides. */
const beforeRegex = /(^|[(,=:[!&|?{};+*%<>~^]|\breturn|\bcase|\btypeof)\s*$/;

/** Takes comments, and then texts, out of TypeScript without moving anything. */
export function blankOut(source: string): Blanked {
  const pieces = cut(source);
  return {
    uncommented: pieces.map(({ kind, text }) => (kind === "comment" ? blank(text) : text)).join(""),
    code: pieces.map(({ kind, text }) => (kind === "code" ? text : blank(text))).join(""),
  };
}

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** Cuts TypeScript into code, comments and text, as far as that needs no grammar. */
function cut(source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  /** How many braces are open inside each `${` we are in. */
  let depths: readonly number[] = [];
  for (let at = 0; at < source.length; ) {
    const piece = pieceAt(source, at, depths.at(-1) === 0);
    pieces.push(piece);
    depths = depthsAfter(depths, piece);
    at += piece.text.length;
  }
  return pieces;
}

function pieceAt(source: string, at: number, braceEndsTemplate: boolean): Piece {
  const isTemplate = source[at] === "`" || (source[at] === "}" && braceEndsTemplate);
  const isRegex = source[at] === "/" && beforeRegex.test(source.slice(Math.max(0, at - 80), at));
  const found = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const noted = found(comment);
  if (noted !== undefined) return { kind: "comment", text: noted };
  const text = found(quoted) ?? (isTemplate ? found(template) : undefined) ?? (isRegex ? found(regex) : undefined);
  return text === undefined ? { kind: "code", text: found(plain) ?? "" } : { kind: "text", text };
}

function depthsAfter(depths: readonly number[], { kind, text }: Piece): readonly number[] {
  const outer = depths.slice(0, -1);
  const inner = depths.at(-1) ?? 0;
  if (kind === "text") {
    const left = text.startsWith("}") ? outer : depths;
    return /^[`}]/.test(text) && text.endsWith("${") ? [...left, 0] : left;
  }
  if (depths.length === 0 || kind === "comment") return depths;
  if (text === "{") return [...outer, inner + 1];
  return text === "}" ? [...outer, inner - 1] : depths;
}
