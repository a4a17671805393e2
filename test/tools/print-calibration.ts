import { parseArgs } from "node:util";
import { type Column, renderTable } from "#cli/render/table.ts";
import { agrees, type ComparedSpan, compareSpans, tellSimulated } from "#test/support/calibration/compare.ts";
import { type Bounds, exceeds, readBounds, tightened, writeBounds } from "#test/support/calibration/guests/bounds.ts";
import { compareGuests, simulateGuest } from "#test/support/calibration/guests/compare-guests.ts";
import { keyOf, type RecordedGuest, recordedGuests } from "#test/support/calibration/guests/recorded-guests.ts";
import { renderGuests } from "#test/support/calibration/guests/table.ts";
import { readRecorded } from "#test/support/calibration/recorded-runs.ts";
import { type Story, stories } from "#test/support/calibration/stories.ts";

const help = `Usage: npm run calibrate -- [OPTION…]

Plays what was recorded of real machines (test/fixtures/calibration) on the simulated one, and prints both side by side.
Exit status 1 where it is farther off than it was.

  --tighten  holds it to what it has reached: test/fixtures/calibration/guests/bounds.json`;

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

async function printStory(story: Story): Promise<void> {
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

/** Prints what guests that were out of memory did, and what the simulated machine does. Returns the bounds that hold it. */
async function printGuest(guest: RecordedGuest, bounds: Bounds | undefined): Promise<Bounds> {
  const compared = compareGuests(guest.runs, await simulateGuest(guest));
  const kernels = [...new Set(guest.runs.map(({ kernel }) => kernel))].join(", ");
  process.stdout.write(
    `${guest.story}: ${guest.runs.length} guests, Linux ${kernels}\n${renderGuests(compared, bounds)}\n\n`,
  );
  if (compared.some((figure) => exceeds(figure, bounds))) process.exitCode = 1;
  return tightened(compared, bounds);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { help: { type: "boolean", default: false }, tighten: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  for (const story of stories) await printStory(story);
  const before = readBounds();
  const after: [string, Bounds][] = [];
  for (const guest of recordedGuests()) after.push([keyOf(guest), await printGuest(guest, before[keyOf(guest)])]);
  if (values.tighten) writeBounds(Object.fromEntries(after));
}

await main();
