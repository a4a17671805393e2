import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { ProcessFacts } from "#domain/process.ts";
import { add, type KiB, kib, sum } from "#domain/units.ts";
import { confinePrograms } from "./confined-programs.ts";
import { readSize } from "./read-tree.ts";

/** A program with all that it starts, to be run and recorded. */
export interface RecordedProgram {
  /** For /bin/sh, in a folder of its own that is `$HOME`. */
  readonly script: string;
  /** Recorded when it has come to this. */
  readonly wanted: Wanted;
  /** Names of who is there for the recording only. */
  readonly scaffold: readonly string[];
}

/** So many processes of a name hold so much each. */
export interface Wanted {
  readonly name: string;
  readonly holds: string;
  readonly count: number;
}

/** A program as it was when it held half of what it came to, and what it came to. */
export interface Recording {
  readonly before: readonly ProcessFacts[];
  readonly now: readonly ProcessFacts[];
}

const glance = 50;
const patience = 90_000;

/** Runs it until it has come to what is wanted, and ends it. @throws Error when that does not come */
export async function recordProgram({ script, wanted, scaffold }: RecordedProgram): Promise<Recording> {
  const home = mkdtempSync(join(tmpdir(), "tidemark-gallery-"));
  // Who gives up root in it, as PostgreSQL wants, has to come through.
  chmodSync(home, 0o755);
  try {
    const { before, now } = await watch(script, home, wanted);
    const isRecorded = ({ comm }: ProcessFacts): boolean => !scaffold.includes(comm);
    return { before: before.filter(isRecorded), now: now.filter(isRecorded) };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function watch(script: string, home: string, { name, holds, count }: Wanted): Promise<Recording> {
  await using programs = confinePrograms(script, home);
  const looks: (readonly ProcessFacts[])[] = [];
  const until = Date.now() + patience;
  let isOver = false;
  while (Date.now() < until && !isOver) {
    const now = programs.look();
    isOver = programs.hasEnded || now?.length === 0;
    if (now !== undefined) {
      looks.push(now);
      const large = now.filter((each) => each.comm === name && heldBy(each) >= readSize(holds));
      if (large.length >= count) return { now, before: atHalf(looks, now) };
    }
    await setTimeout(glance);
  }
  const why = isOver ? "all has ended" : `${patience / 1000} s are over`;
  throw new Error(
    `Cannot record: ${why} before ${count} × ${name} held ${holds}. Its last complaint: ${programs.complaint()}`,
  );
}

const heldBy = ({ memory }: ProcessFacts): KiB => (memory === undefined ? kib(0) : add(memory.anon, memory.shmem));

/** The last of the looks at which half was held of what is held now; now, if nobody looked then. */
export function atHalf(
  looks: readonly (readonly ProcessFacts[])[],
  now: readonly ProcessFacts[],
): readonly ProcessFacts[] {
  return looks.findLast((look) => heldByAll(look) <= heldByAll(now) / 2) ?? now;
}

const heldByAll = (processes: readonly ProcessFacts[]): KiB => sum(processes.map(heldBy));
