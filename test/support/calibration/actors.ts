import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Identity } from "#domain/identity.ts";
import { below, type KiB, kib, kibToMiB, lessened, mib } from "#domain/units.ts";
import type { ProcessScript } from "#simulated/process-script.ts";
import { endProcess, identityOf } from "#test/support/start-hog.ts";

const hogProgram = fileURLToPath(new URL("../../tools/hog.js", import.meta.url));

/** What the runtime of a hog holds before it fills anything (RssAnon, Node 20). */
export const ownMemory = mib(12);

/** No process of a calibration lives longer or holds more, whatever happens to who started it. */
const secondsToLive = 40;
const mostMemory = mib(1536);

/** A real process that does to its memory what a script says. */
export interface Actor {
  readonly name: string;
  readonly identity: Identity;
  /** It holds what it begins with. */
  readonly filled: Promise<unknown>;
  /** Sends it SIGKILL if it is still there, and waits until it has gone. */
  end(): Promise<void>;
}

/** Starts one, in a memcg if there is one. @throws RangeError when its script is more than a hog can play */
export function startActor(script: ProcessScript, memcg?: string): Actor {
  const { size, rate } = growthOf(script);
  const child = spawn(
    process.execPath,
    [
      hogProgram,
      ...["--mib", String(kibToMiB(size)), "--rate", String(rate), "--seconds", String(secondsToLive)],
      ...["--uid", String(script.uid), `--adj=${script.oomScoreAdj ?? 0}`, "--name", script.name],
      ...(script.onSigterm?.kind === "ignores" ? ["--ignore-term"] : []),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  if (child.pid === undefined) throw new Error(`Cannot start ${script.name}`);
  if (memcg !== undefined) writeFileSync(join(memcg, "cgroup.procs"), String(child.pid));
  const identity = identityOf(child.pid);
  const closed = once(child, "close");
  return {
    name: script.name,
    identity,
    filled: Promise.race([once(child.stdout, "data"), closed]),
    async end() {
      child.stdout.resume();
      endProcess(identity);
      await closed;
    },
  };
}

interface Filling {
  readonly size: KiB;
  /** MiB per second; 0: as fast as it can. */
  readonly rate: number;
}

/** What is left of a script for a hog: it fills what it begins with, or it grows. */
function growthOf({ name, anon = kib(0), memory = [], uid }: ProcessScript): Filling {
  const [phase, ...more] = memory;
  if (uid === undefined) throw new RangeError(`Cannot play ${name}: it needs a uid of its own`);
  if (more.length > 0 || (phase !== undefined && phase.kind !== "ramp")) {
    throw new RangeError(`Cannot play ${name}: a real one does no more to its memory than one ramp`);
  }
  if (phase !== undefined && anon !== ownMemory) {
    throw new RangeError(`Cannot play ${name}: who grows begins with anon = "${kibToMiB(ownMemory)}MiB"`);
  }
  const size = phase?.by ?? lessened(anon, ownMemory);
  if (below(mostMemory, size)) throw new RangeError(`Cannot play ${name}: it may hold ${kibToMiB(mostMemory)} MiB`);
  return { size, rate: phase === undefined ? 0 : kibToMiB(phase.perSecond) };
}
