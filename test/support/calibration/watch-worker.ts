import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";

/** Whom to watch from now on; nothing: what was seen is wanted, and no more. */
export type Order = { readonly pid: number } | "tell";

/** What was seen at one moment. */
export interface Sample {
  /** Wall clock, in milliseconds, as the journal has it. */
  readonly at: number;
  /** MemAvailable, in KiB. */
  readonly available: number;
  /** What each of those who are watched holds, in KiB; undefined: it is gone. In the order of the orders. */
  readonly held: readonly (number | undefined)[];
  /** How many the kernel has killed in the memcg. */
  readonly oomKills: number;
}

/** Where to look. */
export interface WatchData {
  readonly memcg: string | undefined;
}

const pause = 1;
const pageKiB = 4;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Its own memory. Its first thread may have gone before the others: it has gone when its parent was told, and has reaped it. */
function heldBy(pid: number): number | undefined {
  try {
    const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ").map(Number);
    return (resident - shared) * pageKiB;
  } catch {
    return undefined;
  }
}

const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);

function watch({ memcg }: WatchData): readonly Sample[] {
  const samples: Sample[] = [];
  const pids: number[] = [];
  const control = memcg === undefined ? undefined : join(memcg, "memory.oom_control");
  for (;;) {
    const order: { readonly message: Order } | undefined = parentPort ? receiveMessageOnPort(parentPort) : undefined;
    if (order?.message === "tell") return samples;
    if (order !== undefined) pids.push(order.message.pid);
    samples.push({
      available: numberIn(readFileSync("/proc/meminfo", "latin1"), /^MemAvailable: +(\d+)/m),
      held: pids.map(heldBy),
      oomKills: control === undefined ? 0 : numberIn(readFileSync(control, "latin1"), /^oom_kill (\d+)/m),
      at: performance.timeOrigin + performance.now(),
    });
    Atomics.wait(sleeper, 0, 0, pause);
  }
}

const data: WatchData = workerData;
parentPort?.postMessage(watch(data));
