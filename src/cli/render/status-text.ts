import type { DetectorView, StatusView } from "#daemon/views/status-view.ts";
import { describeShare, describeSize } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";
import { because } from "#journal/phrases.ts";
import { renderBar } from "./bar.ts";
import { describeDetector } from "./detector-text.ts";
import { renderMemcgs } from "./memcg-text.ts";
import type { Style } from "./style.ts";
import { wrapAfter } from "./wrap.ts";

const nameWidth = 11;
const barWidth = 50;

const line = (name: string, text: string): string => wrapAfter(`  ${name.padEnd(nameWidth)}`, text);

/** The machine against the watermarks, the most important line first. */
export function renderStatus(view: StatusView, style: Style): string {
  return [
    wrapAfter("", headline(view, style)),
    "",
    ...memoryLines(view),
    ...pressureLines(view),
    "",
    ...watermarkLines(view),
    "",
    line("next", nextStep(view)),
    ...giverLines(view, style),
    ...kernelLines(view, style),
    ...spaced(renderMemcgs(view.memcgs, style)),
  ].join("\n");
}

const spaced = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", ...lines]);

function headline(view: StatusView, style: Style): string {
  const { alarm, answer, headroom_kib, low_kib } = view;
  if (alarm === undefined) {
    return style.good(`Memory is plenty: ${describeSize(headroom_kib)} of headroom, low is ${describeSize(low_kib)}`);
  }
  const paint = answer === "warn" ? style.warning : style.bad;
  return paint(`Alarm ${alarm.alarm_kind}: ${because(alarm)}`);
}

function memoryLines(view: StatusView): readonly string[] {
  const { headroom_kib, most_headroom_kib, available_kib, ram_kib, swap_kib, swap_free_kib } = view;
  const marks = [
    { letter: "m", at: view.min_kib },
    { letter: "l", at: view.low_kib },
    { letter: "h", at: view.high_kib },
  ];
  const bar = (value: number, most: number) => renderBar({ value, most, width: barWidth });
  return [
    line(
      "headroom",
      `${renderBar({ value: headroom_kib, most: most_headroom_kib, width: barWidth, marks })} ` +
        `${describeSize(headroom_kib)} of ${describeSize(most_headroom_kib)}`,
    ),
    line("available", `${bar(available_kib, ram_kib)} ${describeSize(available_kib)} of ${describeSize(ram_kib)}`),
    line(
      "free swap",
      swap_kib === 0
        ? "there is no swap"
        : `${bar(swap_free_kib, swap_kib)} ${describeSize(swap_free_kib)} of ${describeSize(swap_kib)}`,
    ),
  ];
}

function pressureLines({ pressure }: StatusView): readonly string[] {
  if (pressure === undefined) return [line("pressure", "this kernel does not tell (no PSI)")];
  const { some10_percent, full10_percent } = pressure;
  return [
    line(
      "pressure",
      `${renderBar({ value: full10_percent, most: 100, width: barWidth })} full ${describeShare(full10_percent)}, ` +
        `some ${describeShare(some10_percent)} of 10 s`,
    ),
  ];
}

function watermarkLines(view: StatusView): readonly string[] {
  const { high_kib, low_kib, min_kib, evidence } = view;
  return [
    line("high", `${describeSize(high_kib)}: below it a warning; an alarm ends here`),
    line("low", `${describeSize(low_kib)}: below it the first in the ranking is asked to go (SIGTERM)`),
    line("min", `${describeSize(min_kib)}: below it it is killed (SIGKILL) and its memory taken back at once`),
    // Headroom has its bar above, and its watermarks are the three lines before.
    ...evidence.filter(({ detector }) => detector !== "headroom").map(detectorLine),
  ];
}

function kernelLines({ unusual_sysctls }: StatusView, style: Style): readonly string[] {
  const told = unusual_sysctls.map(({ sysctl, sysctl_value, consequence, advice }) =>
    style.warning(line("kernel", `${sysctl} is ${sysctl_value}: ${consequence}; ${advice}`)),
  );
  return told.length === 0 ? [] : ["", ...told];
}

const detectorLine = (seen: DetectorView): string => line(seen.detector, describeDetector(seen));

/** Who is asked first, and who of them cannot be. */
function giverLines({ givers }: StatusView, style: Style): readonly string[] {
  if (givers.length === 0) return [];
  const names = givers.map(({ giver }) => escapeText(giver)).join(", then ");
  return [
    line("givers", `before anybody has to go, memory is asked of ${names}`),
    ...givers.flatMap(({ giver, objection }) =>
      objection === undefined
        ? []
        : [style.warning(line("", `not of ${escapeText(giver)} now: ${escapeText(objection)}`))],
    ),
  ];
}

function nextStep(view: StatusView): string {
  const { first, eligible, policy } = view;
  const name = first === undefined ? "nobody" : `${first.pid} (${escapeText(first.comm)})`;
  switch (view.answer) {
    case "wait-for-dying":
      return "tidemark would wait for a process that is dying already";
    case "nobody-eligible":
      return "tidemark would have to act, and nobody is eligible";
    case "warn":
    case "nothing":
      if (eligible === undefined) return "the processes cannot be read, so nobody knows who would be first";
      if (first === undefined) return "nobody is eligible, should memory run short";
      return (
        `${describeSize(view.above_low_kib)} more in use, and ${name} would be asked to go: ` +
        `${describeSize(first.returns_kib)} back, first of ${eligible} by policy ${policy}`
      );
    default:
      return `tidemark would send ${view.answer} to ${name} now`;
  }
}
