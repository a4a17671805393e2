import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepPlan } from "#daemon/keep-plan.ts";
import { keptJournal } from "#daemon/kept-journal.ts";
import { runLoop, type Turn } from "#daemon/loop.ts";
import { factsOf, makePlan, type PlanInForce } from "#daemon/plan-reading.ts";
import { noteOf } from "#daemon/recording/noted-settings.ts";
import { startRecording } from "#daemon/recording/start-recording.ts";
import { type KiB, kib, mib } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import type { Machine } from "#machine/machine.ts";
import { shippedPresets } from "#test/unit/config/shipped-presets.ts";
import type { MachineBuilder } from "./a-machine.ts";

/** A folder of recordings of one test file only. */
export interface RecordingFolder {
  /** A path in it that nobody has had. */
  path(): string;
  remove(): void;
}

/** Makes such a folder; to be removed when the tests are done. */
export function recordingFolder(): RecordingFolder {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-tape-"));
  let made = 0;
  return {
    path: () => {
      made += 1;
      return join(folder, `${made}.tape`);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** How a story is to be recorded. */
export interface Taping {
  readonly path: string;
  /** `key=value`, on top of the built-in defaults. */
  readonly settings?: readonly string[];
  /** TOML, as in a settings file. */
  readonly file?: string;
  /** Givers of the file that are left out, as the daemon does with those it cannot trust. */
  readonly distrusts?: readonly string[];
  readonly hasNames?: boolean;
  readonly limit?: KiB;
  /** Puts something between the recorder and the machine. */
  readonly through?: (machine: Machine) => Machine;
  /** Other settings from the first look at that time on, as after a reload. */
  readonly reload?: { readonly at: number; readonly settings: readonly string[] };
}

/** Plays a scenario with the daemon's own loop while it is recorded; the answer is the journal. */
export async function tape(builder: MachineBuilder, taping: Taping): Promise<readonly Entry[]> {
  using machine = builder.boot();
  const duration = builder.scenario().duration;
  const { path, hasNames = true, limit = mib(64), through = (same) => same } = taping;
  const recording = startRecording({ path, replaces: false, hasNames, limit }, through(machine));
  const entries: Entry[] = [];
  const now = () => machine.now();
  const journal = keptJournal({ keep: (entry) => entries.push(entry), now, wallTime: now });
  const plan = keepPlan(planFor(machine, taping, taping.settings ?? []), {
    journal,
    reload: () => planFor(machine, taping, taping.reload?.settings ?? []),
    note: (noted) => recording.note(noteOf(noted)),
  });
  let isReloaded = false;
  const attend = (turn: Turn): void => {
    const isReloadDue = taping.reload !== undefined && !isReloaded && machine.now() >= taping.reload.at;
    isReloaded ||= isReloadDue;
    plan.attend(turn, isReloadDue);
  };
  await runLoop(
    { machine: recording.machine, journal, plan: () => plan.inForce.plan },
    { isStopping: () => machine.now() >= duration, watch: attend },
  );
  await recording.end("the story is over");
  return entries;
}

function planFor(machine: Machine, { file, distrusts = [] }: Taping, overrides: readonly string[]): PlanInForce {
  const files = file === undefined ? [] : [{ path: "story.toml", text: file }];
  const sources = { presets: shippedPresets(), files, overrides: ["preset=none", ...overrides] };
  const reading = makePlan({ sources, advice: [] }, factsOf(machine));
  if (reading.kind === "refused") throw new Error(reading.text);
  const { notify } = reading.plan;
  const givers = notify.givers.filter(({ name }) => !distrusts.includes(name));
  return { ...reading, plan: { ...reading.plan, notify: { ...notify, givers } } };
}

/** Enough for a look, not for a story. */
export const hardlyAnything: KiB = kib(5);
