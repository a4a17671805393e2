import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KiB, kib, scale } from "#domain/units.ts";
import { type Printed, startDaemon } from "#test/support/start-daemon.ts";
import type { Actor } from "./actors.ts";
import { momentsInJournal } from "./journal-moments.ts";
import type { Moment } from "./moments.ts";
import { perform } from "./perform.ts";
import { scenarioOf } from "./read-story.ts";
import { marksBelow, settingsText } from "./settings-text.ts";
import type { Watched } from "./stories.ts";
import { crossingOf, momentsOfProcesses, type Seen, startWatcher } from "./watch.ts";

/** Plays a story once on this machine, under the shipped daemon, which may choose from nobody else. Returns what happened. */
export async function playWatched(story: Watched): Promise<readonly Moment[]> {
  const scenario = scenarioOf(story);
  const folder = mkdtempSync(join(tmpdir(), "tidemark-calibration-"));
  const path = join(folder, "settings.toml");
  // Far away at first: what is available is measured when the daemon has taken its own memory.
  writeFileSync(path, settingsText(story, marksBelow(story, scale(availableNow(), 1 / 2))));
  const daemon = startDaemon(["--config", path]);
  const actors: Actor[] = [];
  try {
    await daemon.said("daemon.ready");
    const available = availableNow();
    const marks = marksBelow(story, available);
    writeFileSync(path, settingsText(story, marks));
    daemon.child.kill("SIGHUP");
    await daemon.said("config.reloaded");
    const watcher = startWatcher();
    const isOver = () =>
      daemon.entries.filter(({ event }) => event === "memory.back").length === scenario.processes.length;
    await perform(scenario, { watcher, actors, isOver });
    const seen = await watcher.finish();
    refuseStrangers(seen, available, marks.low);
    return [
      ...momentsOfProcesses(seen),
      ...crossingOf(seen, { watermark: "low", mark: marks.low }),
      ...crossingOf(seen, { watermark: "min", mark: marks.min }),
      ...momentsInJournal(daemon.entries.map(readPrinted)),
    ];
  } finally {
    await daemon.stop();
    for (const actor of actors) await actor.end();
    rmSync(folder, { recursive: true });
  }
}

/** @throws Error when less than half of what was missing when `low` was crossed had been taken by the processes of the story: it is not theirs then */
function refuseStrangers({ samples }: Seen, before: KiB, low: KiB): void {
  const crossing = samples.find(({ available }) => available < low);
  const held = crossing?.held.reduce<number>((total, one) => total + (one ?? 0), 0) ?? 0;
  const missing = before - low;
  if (held < missing / 2) throw new Error(`others took more than half of the ${Math.round(missing / 1024)} MiB`);
}

/** MemAvailable. */
const availableNow = (): KiB =>
  kib(Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0));

const readPrinted = (entry: Printed) => ({ at: Date.parse(String(entry["time"])), event: entry.event, fields: entry });
