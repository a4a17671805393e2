import type { ReplayRow, ReplaySummary } from "#daemon/views/replay-view.ts";
import { escapeText } from "#journal/escape.ts";
import type { Style } from "./style.ts";
import { renderLine } from "./timeline-text.ts";
import { wrapAfter } from "./wrap.ts";

/** The replay line by line: when, whether it is decided now or was then, what. */
export const renderReplay = (rows: readonly ReplayRow[], style: Style): string =>
  rows
    .map((row) => {
      const message = row.source === "recorded" ? `then, and not now: ${escapeText(row.message)}` : row.message;
      const text = renderLine(row.at_ms, row.source, message);
      if (row.source === "recorded") return style.bad(text);
      return row.level === "warn" || row.level === "error" ? style.warning(text) : text;
    })
    .join("\n");

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

/** How it compares, in one line, and below it all that has to be known to believe that. */
export function renderReplaySummary(summary: ReplaySummary, style: Style): string {
  const { verdict, is_what_if: isWhatIf } = summary;
  const isExpected = verdict === "identical" || (isWhatIf && verdict === "same-acts");
  const line = (isExpected ? style.good : style.bad)(wrapAfter("", sentenceOf(summary)));
  return [line, ...notesOf(summary).map((note) => wrapAfter("  ", note))].join("\n");
}

function sentenceOf(summary: ReplaySummary): string {
  const { verdict, looks, decisions, recorded_decisions: recorded, first_difference_ms: first } = summary;
  const made = `${count(looks, "look")}, ${count(decisions, "decision")}`;
  switch (verdict) {
    case "identical":
      return `${made}: identical to what was decided then`;
    case "same-acts":
      return `${made}: the same is done to the same processes as then, for other reasons or with other pauses`;
    case "different":
      return (
        `${made}: different; then there ${recorded === 1 ? "was" : "were"} ${recorded}` +
        (first === undefined ? "" : `, and the first difference is at ${seconds(first)}`)
      );
  }
}

function notesOf(summary: ReplaySummary): readonly string[] {
  const { unknown_from_ms: unknownFrom, held_facts: held, unjudged_rules: unjudged, version } = summary;
  return [
    ...(unknownFrom === undefined
      ? []
      : [
          `What is shown after ${seconds(unknownFrom)} is a machine on which this was not done: nobody knows what would have followed`,
        ]),
    ...(summary.ended === "left"
      ? ["The replay ends where somebody was signalled then and is not now: the rest is of another machine"]
      : []),
    ...(summary.ended === "cut"
      ? ["The recording was cut off: its recorder was killed, or the machine went down"]
      : []),
    ...(summary.damage === undefined
      ? []
      : [`The rest of the recording cannot be read: ${escapeText(summary.damage)}`]),
    ...(held.length === 0 ? [] : [`Not every look has what these settings ask for; as last read: ${held.join(", ")}`]),
    ...(unjudged === 0
      ? []
      : [`${count(unjudged, "rule")} cannot be judged: the recording lacks the names or command lines they ask for`]),
    ...(summary.this_version === undefined
      ? []
      : [`It was made by tidemark ${escapeText(version)}, and this is ${summary.this_version}`]),
  ];
}
