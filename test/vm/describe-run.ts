import { describeSpan } from "#journal/amounts.ts";
import { sentenceOf } from "#test/support/corpus/render.ts";
import { isWell, type VmOutcome } from "./play.ts";

/** So many of those who ended are told. */
const mostTold = 3;

/** How a run went: a line, and one for each thing that went wrong. */
export function describeRun(name: string, outcome: VmOutcome): string {
  const { record, output, disappointments, longestStall } = outcome;
  const told = (who: string, list: readonly { readonly comm: string; readonly at: number }[]): readonly string[] =>
    list.slice(0, mostTold).map(({ comm, at }) => `${comm} (${who}, ${(at / 1000).toFixed(1)} s)`);
  const ended = [...told("guard", record.deaths.victims), ...told("kernel", record.deaths.byKernel)];
  const mark = isWell(outcome) ? "ok  " : output.isStuck ? "----" : "FAIL";
  const sentences = [...disappointments.map(sentenceOf), ...record.troubles];
  return [
    `${mark} ${name.padEnd(22)} ended: ${ended.join(", ") || "nobody"}; longest stall ${describeSpan(longestStall)}`,
    ...sentences.map((sentence) => `     ${sentence}`),
  ].join("\n");
}
