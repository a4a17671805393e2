import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type KiB, kibToMiB } from "#domain/units.ts";
import type { Moment } from "./moments.ts";
import { heldMark } from "./stories.ts";
import type { Order, Sample, WatchData } from "./watch-worker.ts";

/** Somebody who looks at the machine a thousand times a second, in a thread of its own. */
export interface Watcher {
  /** A process to be watched from now on. */
  follow(process: { readonly name: string; readonly pid: number }): void;
  /** Ends it, and tells what it saw. */
  finish(): Promise<Seen>;
}

/** What was seen, and of whom, in the order in which they were to be watched. */
export interface Seen {
  readonly names: readonly string[];
  readonly samples: readonly Sample[];
}

/** Begins to watch, with a memcg or without. */
export function startWatcher(memcg?: string): Watcher {
  const workerData: WatchData = { memcg };
  const worker = new Worker(new URL("watch-worker.js", import.meta.url), { workerData });
  const names: string[] = [];
  const order = (message: Order): void => worker.postMessage(message);
  return {
    follow({ name, pid }) {
      names.push(name);
      order({ pid });
    },
    async finish() {
      const told = once(worker, "message");
      order("tell");
      const [samples]: readonly Sample[][] = await told;
      await worker.terminate();
      return { names, samples: samples ?? [] };
    },
  };
}

/** The moments in what was seen of the processes. */
export function momentsOfProcesses({ names, samples }: Seen): readonly Moment[] {
  return names.flatMap((name, index): readonly Moment[] => {
    const firstSeen = samples.findIndex(({ held }) => held[index] !== undefined);
    const since = firstSeen === -1 ? [] : samples.slice(firstSeen);
    const full = since.find(({ held }) => (held[index] ?? 0) >= heldMark);
    const gone = since.find(({ held }) => held[index] === undefined);
    return [
      ...(full === undefined ? [] : [{ at: full.at, what: `${name} holds ${kibToMiB(heldMark)} MiB` as const }]),
      ...(gone === undefined ? [] : [{ at: gone.at, what: `${name} is gone` as const }]),
    ];
  });
}

/** When what is available fell below a watermark. */
export function crossingOf(
  { samples }: Seen,
  { watermark, mark }: { readonly watermark: "low" | "min"; readonly mark: KiB },
): readonly Moment[] {
  const crossed = samples.find(({ available }) => available < mark);
  return crossed === undefined ? [] : [{ at: crossed.at, what: `${watermark} crossed` }];
}

/** Each kill that the kernel counted, with the one who was gone next. */
export function kernelKillsIn(seen: Seen): readonly Moment[] {
  const kills = seen.samples.filter(({ oomKills }, index) => oomKills > (seen.samples[index - 1]?.oomKills ?? 0));
  const ends = seen.names
    .flatMap((name, index) => {
      const last = seen.samples.findLastIndex(({ held }) => held[index] !== undefined);
      const gone = seen.samples[last + 1];
      return gone === undefined || last === -1 ? [] : [{ name, at: gone.at }];
    })
    .sort((a, b) => a.at - b.at);
  return kills.flatMap(({ at }, index): readonly Moment[] => {
    const victim = ends[index];
    return victim === undefined ? [] : [{ at, what: `the kernel kills ${victim.name}` }];
  });
}
