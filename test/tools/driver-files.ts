import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const zramFiles = ["mm_stat", "bd_stat"];
const zswapParameters = ["enabled", "max_pool_percent"];

/** The files in which zram, zswap and ZFS tell of themselves, as many as there are here: below the root. */
export function driverFiles(): readonly string[] {
  const devices = existsSync("/sys/block") ? readdirSync("/sys/block").filter((name) => /^zram\d+$/.test(name)) : [];
  const paths = [
    "proc/spl/kstat/zfs/arcstats",
    ...zswapParameters.map((name) => `sys/module/zswap/parameters/${name}`),
    ...devices.flatMap((device) => zramFiles.map((file) => `sys/block/${device}/${file}`)),
  ];
  return paths.filter((path) => existsSync(join("/", path)));
}
