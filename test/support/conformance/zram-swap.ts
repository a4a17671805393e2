import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Bytes, type KiB, kibToBytes, mib } from "#domain/units.ts";
import { lacksPrograms } from "#test/support/needs.ts";

/** A zram device that is swapped to until it is given up. */
export interface ZramSwap extends Disposable {
  readonly path: string;
  /** `mem_limit`; 0 is none. */
  limit(most: Bytes): void;
}

const mostSize = mib(512);

/** linux/capability.h: CAP_SYS_ADMIN */
const sysAdmin = 21n;

/** A device that nobody has set up. */
const unusedDevice = (): string | undefined =>
  (existsSync("/sys/block") ? readdirSync("/sys/block") : []).find(
    (name) =>
      /^zram\d+$/.test(name) &&
      existsSync(`/dev/${name}`) &&
      readFileSync(`/sys/block/${name}/initstate`, "utf8") === "0\n",
  );

function maySwapOn(): boolean {
  const hex = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return ((BigInt(`0x${hex}`) >> sysAdmin) & 1n) === 1n;
}

/** Why there can be no swap of our own here, or false. */
export function lacksZramSwap(): string | false {
  if (!maySwapOn()) return "needs CAP_SYS_ADMIN for swapon(2)";
  if (!existsSync("/proc/swaps")) return "this kernel has no swap";
  if (unusedDevice() === undefined) return "needs a zram device that nobody uses";
  if (readFileSync("/proc/swaps", "utf8").trim().includes("\n"))
    return "leaves machines alone that have swap of their own";
  return lacksPrograms("mkswap", "swapon", "swapoff");
}

/** Swaps to an unused zram. The whole machine can: have it for as short as can be. */
export function openZramSwap(size: KiB): ZramSwap {
  const name = unusedDevice();
  if (name === undefined || size > mostSize) throw new Error(`Cannot swap to a zram of ${size} KiB`);
  const path = `/dev/${name}`;
  const write = (file: string, value: number): void => writeFileSync(`/sys/block/${name}/${file}`, String(value));
  const giveUp = (): void => {
    if (readFileSync("/proc/swaps", "utf8").includes(`${path} `)) runProgram("swapoff", path);
    write("reset", 1);
  };
  write("disksize", kibToBytes(size));
  try {
    runProgram("mkswap", path);
    runProgram("swapon", path);
  } catch (error) {
    giveUp();
    throw error;
  }
  return { path, limit: (most) => write("mem_limit", most), [Symbol.dispose]: giveUp };
}

function runProgram(program: string, argument: string): void {
  const { status, stderr } = spawnSync(program, [argument], { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot ${program} ${argument}: ${stderr}`);
}
