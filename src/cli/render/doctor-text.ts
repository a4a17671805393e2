import { type Diagnosis, type Severity, topics } from "#daemon/doctor/diagnosis.ts";
import { escapeText } from "#journal/escape.ts";
import type { Style } from "./style.ts";
import { wrapAfter } from "./wrap.ts";

const nameWidth = 11;
const line = (name: string, text: string): string => wrapAfter(`  ${name.padEnd(nameWidth)}`, escapeText(text));

/** What was looked at, and what to do about it, the verdict first. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[], style: Style): string {
  const told = topics.flatMap((topic) => {
    const [first, ...others] = diagnoses.filter((diagnosis) => diagnosis.topic === topic);
    return first === undefined
      ? []
      : [...render(topic, first, style), ...others.flatMap((each) => render("", each, style))];
  });
  return [headline(diagnoses, style), "", ...told].join("\n");
}

function headline(diagnoses: readonly Diagnosis[], style: Style): string {
  const count = (severity: Severity): number => diagnoses.filter((each) => each.severity === severity).length;
  const [faults, warnings] = [count("fault"), count("warning")];
  if (faults > 0) return style.bad(`${many(faults, "fault")} would keep tidemark from its promises here`);
  if (warnings > 0) return style.warning(`tidemark can do its work here; ${many(warnings, "thing")} could be better`);
  return style.good("tidemark can do its work here");
}

const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const marks: Readonly<Record<Severity, string>> = { fine: "", note: "note: ", warning: "warning: ", fault: "fault: " };

function render(name: string, { severity, finding, consequence, advice }: Diagnosis, style: Style): readonly string[] {
  const paint = paints(style)[severity];
  return [
    paint(line(name, `${marks[severity]}${finding}`)),
    ...(consequence === undefined ? [] : [line("", consequence)]),
    ...(advice === undefined ? [] : [line("", `to do: ${advice}`)]),
  ];
}

const same = (text: string): string => text;
const paints = (style: Style): Readonly<Record<Severity, (text: string) => string>> => ({
  fine: same,
  note: same,
  warning: style.warning,
  fault: style.bad,
});
