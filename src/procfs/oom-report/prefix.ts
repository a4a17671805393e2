/** Clocks of whoever wrote the log down. No pattern here can match in two ways, so none can take long. */
const wallClocks: readonly RegExp[] = [
  /^(?:\d{4} )?\p{L}{3,5}\.? {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d(?:[.,]\d{1,9})? +/u,
  /^(?:[A-Z][a-z]{2} )?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| [A-Z]{3,4}(?= ))?[ \t]+/,
  /^\d{9,10}\.\d{3,9} +/,
];

const kernelClock = /^\[ {0,12}\d{1,12}\.\d{1,9}\] */;

/** What else is put before the kernel's text: its own clock and caller, levels, facilities, containers. */
const inBrackets: readonly RegExp[] = [
  kernelClock,
  /^\[ {0,12}[TC]\d{1,10}\] */,
  /^\[[^\][]{4,32}\d\d:\d\d:\d\d[^\][]{0,24}\] */,
  /^\[pod\/[^\][]{1,200}\] /,
];
const level: readonly RegExp[] = [/^<\d{1,3}>/];
const words: readonly RegExp[] = [
  /^(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local\d) *:(?:emerg|alert|crit|err|warn|notice|info|debug) *: */,
  /^(?:stdout|stderr) [FP] /,
  /^[\w.-]{1,64} +\| /,
];

const kernelTag = /^(?:\S{1,255} +){0,3}?(?:kernel|vmunix|klogd)(?:\[\d{1,10}\])?: */;
const bareKernelTag = /^(?:[\w.-]{1,64} +)?kernel(?:\[\d{1,10}\])?: */;
const programTag = /^(?:\S{1,255} +)?[^\s:[\]]{1,64}\[\d{1,10}\]: */;
const hostBeforeClock = /^\S{1,255} +(?=\[ {0,12}\d{1,12}\.\d{1,9}\])/;
const kmsg = /^\d{1,4},\d{1,20},\d{1,20},[^;\s]{0,80};/;
const quotes = /^(?:[ \t]|> ?)+/;
/** Some kernels name the file that speaks. */
const speaker = /^oom_kill: /;

/** The kernel's own text in a line, and whether anything stood before it: lines that a pager wrapped go on without. */
export interface Message {
  readonly text: string;
  /** With the blanks at its end, and for a line without a prefix at its beginning: terminals wrap between any two characters. */
  readonly padded: string;
  readonly hasPrefix: boolean;
}

/** Takes off whatever writers of logs put before a message; undefined if a program speaks, not the kernel. */
export function stripPrefix(line: string): Message | undefined {
  const start = line.replace(quotes, "");
  const record = start.replace(kmsg, "");
  if (record !== start) return messageOf(unescapeBytes(record), line);
  const { text: stamped, isWallClocked } = strip(start);
  const said = isWallClocked ? speech(stamped) : stamped.replace(stamped === start ? bareKernelTag : kernelTag, "");
  if (said === undefined) return undefined;
  return messageOf((said === stamped ? said : strip(said).text).replace(speaker, ""), line);
}

function messageOf(said: string, line: string): Message {
  const text = said.trim();
  const hasPrefix = said.trimEnd().length < line.replace(quotes, "").trimEnd().length;
  return { text, padded: hasPrefix ? said.trimStart() : line, hasPrefix };
}

/** What the kernel says in a line of syslog; undefined for what a program says, unless it repeats the kernel with its clock. */
function speech(stamped: string): string | undefined {
  const said = stamped.replace(kernelTag, "");
  if (said !== stamped) return said;
  const program = stamped.replace(programTag, "");
  if (program !== stamped) return kernelClock.test(program) ? program : undefined;
  return stamped.replace(hostBeforeClock, "");
}

function strip(line: string): { readonly text: string; readonly isWallClocked: boolean } {
  let text = line;
  let isWallClocked = false;
  for (let rounds = 0; rounds < 8; rounds++) {
    const unclocked = /^[[<]/.test(text) ? text : without(text, wallClocks);
    isWallClocked ||= unclocked.length < text.length;
    const shorter = without(unclocked, othersOf(unclocked));
    if (shorter.length === text.length) break;
    text = shorter;
  }
  return { text, isWallClocked };
}

const without = (text: string, prefixes: readonly RegExp[]): string =>
  prefixes.reduce((rest, prefix) => rest.replace(prefix, ""), text);

function othersOf(text: string): readonly RegExp[] {
  if (text.startsWith("[")) return inBrackets;
  return text.startsWith("<") ? level : words;
}

/** /dev/kmsg writes what does not print as \xHH. */
const unescapeBytes = (text: string): string =>
  text.includes("\\x")
    ? text.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
