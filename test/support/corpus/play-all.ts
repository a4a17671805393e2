import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { KiB } from "#domain/units.ts";
import { type Guard, peers, tidemark } from "./guards.ts";
import { type Outcome, play, readCorpus } from "./play.ts";

/** Which stories are played, and under whom. */
export interface Programme {
  /** Names of scenarios begin so; empty: all of them. */
  readonly names: readonly string[];
  /** `key=value` for tidemark. */
  readonly settings: readonly string[];
  /** Under the peers as well. */
  readonly hasPeers: boolean;
}

/** One story on a machine of one size, and how it went under each guard, in their order. */
export interface Played {
  readonly scenario: string;
  readonly mustKill: boolean;
  readonly ram: KiB;
  readonly outcomes: readonly Outcome[];
}

/** Who watches in a programme, tidemark first. */
export const guardsOf = ({ settings, hasPeers }: Programme): readonly Guard[] => [
  tidemark(settings),
  ...(hasPeers ? peers : []),
];

interface Share {
  readonly programme: Programme;
  readonly index: number;
  readonly of: number;
}

/** Plays a programme on all processors, and returns the stories in the order of names and sizes. */
export async function playAll(programme: Programme): Promise<readonly Played[]> {
  const of = availableParallelism();
  const shares = await Promise.all(Array.from({ length: of }, (_, index) => playElsewhere({ programme, index, of })));
  return shares.flat().sort((a, b) => (a.scenario < b.scenario ? -1 : a.scenario > b.scenario ? 1 : a.ram - b.ram));
}

function playElsewhere(share: Share): Promise<readonly Played[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: share });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

/** Every so manieth story: neighbours differ in size only, so the shares take about the same time. */
async function playShare({ programme, index, of }: Share): Promise<readonly Played[]> {
  const guards = guardsOf(programme);
  const wanted = readCorpus().filter(
    ({ name }) => programme.names.length === 0 || programme.names.some((each) => name.startsWith(each)),
  );
  const stories = wanted.flatMap((story) => story.sizes.map((ram) => ({ story, ram })));
  const played: Played[] = [];
  for (const { story, ram } of stories.filter((_, at) => at % of === index)) {
    const outcomes: Outcome[] = [];
    for (const guard of guards) outcomes.push(await play(story, ram, guard));
    played.push({ scenario: story.name, mustKill: story.expectation.kind === "kill", ram, outcomes });
  }
  return played;
}

if (!isMainThread) parentPort?.postMessage(await playShare(workerData));
