import type { StoredOnZram, SwapDevice, Swaps, Zswap } from "#domain/swaps.ts";
import { type Bytes, kib, lessened } from "#domain/units.ts";
import { parseMaxPoolPercent } from "#procfs/max-pool-percent.ts";
import { parseModuleFlag } from "#procfs/module-flag.ts";
import { parseSwaps } from "#procfs/swaps.ts";
import { parseZramBdStat } from "#procfs/zram-bd-stat.ts";
import { parseZramMmStat } from "#procfs/zram-mm-stat.ts";
import { ignore } from "./failure.ts";
import { type KeptFile, keepFile } from "./kept-file.ts";
import { makeSensor, readIfThere, type Sensor } from "./sensor.ts";

/** The swap devices, with what zram and zswap add to them. */
export function makeSwapSensor(tree: { readonly root: string; readonly pageSize: Bytes }): Sensor<Swaps> {
  const path = `${tree.root}/proc/swaps`;
  const list = keepFile({ path, isOneRecord: false });
  const zram = makeZramReader(tree);
  const zswap = makeZswapReader(tree.root);
  const read = (): Swaps => {
    const { devices } = parseSwaps(list.read());
    const pool = zswap.read();
    return { devices: devices.map((device) => zram.complete(device)), ...(pool && { zswap: pool }) };
  };
  return makeSensor(path, read, [list, zram, zswap]);
}

/** zram names its devices itself. @see drivers/block/zram/zram_drv.c: zram_add */
const zramName = /^\/dev\/(zram\d+)$/;

interface ZramFiles {
  readonly memory: KeptFile;
  readonly backing: KeptFile;
}

function makeZramReader({ root, pageSize }: { readonly root: string; readonly pageSize: Bytes }) {
  const devices = new Map<string, ZramFiles>();

  const filesOf = (name: string): ZramFiles => {
    const folder = `${root}/sys/block/${name}`;
    const files = devices.get(name) ?? {
      memory: keepFile({ path: `${folder}/mm_stat`, isOneRecord: true }),
      backing: keepFile({ path: `${folder}/bd_stat`, isOneRecord: true }),
    };
    devices.set(name, files);
    return files;
  };

  const readStored = (name: string): StoredOnZram | undefined => {
    const { memory, backing } = filesOf(name);
    const stored = readIfThere(memory, (bytes) => parseZramMmStat(bytes, pageSize));
    const writtenBack = readIfThere(backing, parseZramBdStat) ?? kib(0);
    return stored && { ...stored, original: lessened(stored.original, writtenBack) };
  };

  return {
    complete(device: SwapDevice): SwapDevice {
      const name = zramName.exec(device.path)?.[1];
      if (device.kind !== "zram" || name === undefined) return device;
      const stored = orNothing(() => readStored(name), "a usual ratio is assumed of zram that does not tell its own");
      return { ...device, ...(stored && { stored }) };
    },
    [Symbol.dispose]() {
      for (const { memory, backing } of devices.values()) {
        memory[Symbol.dispose]();
        backing[Symbol.dispose]();
      }
    },
  };
}

function makeZswapReader(root: string) {
  const parameter = (name: string): KeptFile =>
    keepFile({ path: `${root}/sys/module/zswap/parameters/${name}`, isOneRecord: true });
  const enabled = parameter("enabled");
  const maxPool = parameter("max_pool_percent");

  const readParameters = (): Zswap | undefined => {
    if (readIfThere(enabled, parseModuleFlag) !== true) return undefined;
    const share = readIfThere(maxPool, parseMaxPoolPercent);
    return share === undefined ? undefined : { maxPool: share };
  };

  return {
    read: (): Zswap | undefined => orNothing(readParameters, "without its parameters zswap is taken to be off"),
    [Symbol.dispose]() {
      enabled[Symbol.dispose]();
      maxPool[Symbol.dispose]();
    },
  };
}

/** What a device says of itself makes its figures better. That it cannot be had must not cost us the list of devices. */
function orNothing<T>(read: () => T, why: string): T | undefined {
  try {
    return read();
  } catch (error) {
    return ignore(error, why);
  }
}
