import { decodeText } from "#procfs/text.ts";
import { type Message, stripPrefix } from "./prefix.ts";

/** What the kernel said in one line of a log: nothing if a program spoke, several lines if one record holds them. */
export function readLogLine(bytes: Uint8Array, start: number, end: number): readonly Message[] {
  const line = stripColours(decodeText(bytes, start, end))
    .replaceAll("\r", "")
    .replaceAll("\u00a0", " ");
  const wrapped = line.trimStart().startsWith("{") ? messageOfJson(line) : undefined;
  if (wrapped !== undefined) {
    return wrapped.split("\n").flatMap((text) => messageOf(text).map((message) => ({ ...message, hasPrefix: true })));
  }
  return messageOf(line);
}

function messageOf(line: string): readonly Message[] {
  const message = stripPrefix(line);
  return message === undefined ? [] : [message];
}

/** Journals and containers wrap a line into an object: `journalctl -o json`, Docker's json-file. */
function messageOfJson(line: string): string | undefined {
  const found = parseObject(line);
  const speaker = found?.["SYSLOG_IDENTIFIER"];
  if (typeof speaker === "string" && speaker !== "kernel") return "";
  for (const key of ["MESSAGE", "log", "message", "msg", "textPayload"]) {
    const text = found?.[key];
    if (typeof text === "string") return text;
    // What is not UTF-8 stands as the numbers of its bytes.
    if (Array.isArray(text) && text.every((byte) => typeof byte === "number")) {
      const bytes = Uint8Array.from(text);
      return decodeText(bytes, 0, bytes.length);
    }
  }
  return undefined;
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    // Not JSON: an ordinary line that begins with a brace.
    return undefined;
  }
}

const colourStarts = ["\u001b[", "#033["];

/** Terminals' escape sequences, as they are and as syslog writes them. */
function stripColours(line: string): string {
  return colourStarts.reduce((text, start) => {
    if (!text.includes(start)) return text;
    const [first = "", ...rest] = text.split(start);
    return first + rest.map((piece) => piece.replace(/^[\d;?]{0,16}[A-Za-z]/, "")).join("");
  }, line);
}
