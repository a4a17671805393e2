import { type Column, renderTable } from "#cli/render/table.ts";
import { agrees, type ComparedSpan, compareSpans, tellSimulated } from "#test/support/calibration/compare.ts";
import { readRecorded } from "#test/support/calibration/recorded-runs.ts";
import { stories } from "#test/support/calibration/stories.ts";

const columns: readonly Column[] = [
  { title: "real, ms", align: "right" },
  { title: "middle half", align: "right" },
  { title: "simulated", align: "right" },
  { title: "may differ by", align: "right" },
  { title: "", align: "left" },
  { title: "", align: "left" },
];

const whole = (time: number): string => time.toFixed(time < 100 ? 1 : 0);

const rowOf = (compared: ComparedSpan): readonly string[] => {
  const { span, real, quartiles, simulated, tolerance } = compared;
  const told = [whole(real), quartiles.map(whole).join("–"), whole(simulated), whole(tolerance)];
  return [...told, agrees(compared) ? "agrees" : "DIFFERS", span];
};

for (const story of stories) {
  const recorded = readRecorded(story);
  const compared = compareSpans(story, recorded.runs, await tellSimulated(story, recorded));
  const loads = recorded.runs.map(({ load }) => load);
  const { kernel, cpus } = recorded.machine;
  process.stdout.write(
    `${story.name}: ${recorded.runs.length} real runs, Linux ${kernel}, ${cpus} processors, load ${Math.min(...loads)} to ${Math.max(...loads)}\n` +
      `${renderTable(columns, compared.map(rowOf))}\n\n`,
  );
  if (!compared.every(agrees)) process.exitCode = 1;
}
