import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { type KiB, kib } from "#domain/units.ts";

/** A meminfo of the test's own: a daemon that sees it is short of memory when the test says so, and of nobody else's doing. */
export interface StagedMeminfo extends Disposable {
  /** What the daemon is started under: a mount namespace of its own, in which this is `/proc/meminfo`. */
  readonly under: readonly string[];
  setAvailable(amount: KiB): void;
}

/** The kernel's own text but for some numbers, each as wide as any: whoever reads in the middle of a change reads one or the other. */
function textWith(amounts: Readonly<Record<string, KiB>>): string {
  const widest = 12;
  return readFileSync("/proc/meminfo", "utf8").replace(/^(\w+):\s+(\d+) kB$/gm, (_, label: string, amount: string) => {
    return `${label}:${String(amounts[label] ?? amount).padStart(widest)} kB`;
  });
}

/** Writes one to that path; there is no swap in it. */
export function stageMeminfo(path: string, available: KiB): StagedMeminfo {
  const file = openSync(path, "w");
  const none = kib(0);
  const text = textWith({ SwapTotal: none, SwapFree: none, MemAvailable: available });
  writeSync(file, text, 0);
  return {
    under: ["unshare", "--mount", "sh", "-c", `mount --bind ${path} /proc/meminfo && exec "$0" "$@"`],
    setAvailable(amount) {
      const now = text.replace(
        /^MemAvailable:.*$/m,
        (line) => `MemAvailable:${`${amount} kB`.padStart(line.length - 13)}`,
      );
      writeSync(file, now, 0);
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}
