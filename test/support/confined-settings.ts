import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uid } from "#domain/units.ts";

/**
 * The user of every hog of a daemon's test, and the only one such a daemon may choose from. Each process that tests has its
 * own, between the users of people and those of systemd: two of them at once would have their daemons kill each other's hogs.
 */
export const hogUid = uid(20_000 + (process.pid % 40_000));

/** A folder of one test file only. */
export const settingsFolder = mkdtempSync(join(tmpdir(), "tidemark-daemon-"));

/** To be called when its tests are done. */
export const removeSettings = (): void => rmSync(settingsFolder, { recursive: true });

/** Watermarks, as MiB above what is available now. */
export interface Marks {
  readonly min: number;
  readonly low: number;
  readonly high: number;
}

export const scarce: Marks = { min: -4096, low: 2048, high: 4096 };
export const calm: Marks = { min: -8192, low: -6144, high: -4096 };
export const exhausted: Marks = { min: 2048, low: 4096, high: 6144 };

/** MemAvailable. */
export const availableMib = (): number => {
  const [, available] = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "utf8")) ?? [];
  return Math.round(Number(available) / 1024);
};

/** The text of settings that confine a daemon to the hogs. */
export function confined({ min, low, high }: Marks): string {
  const now = availableMib();
  // Others may leave less than the marks lie below: they stay sizes then, and in their order.
  const [least, middle, most] = [Math.max(1, now + min), Math.max(2, now + low), Math.max(3, now + high)];
  const marks = `min = "${least}MiB"\nlow = "${middle}MiB"\nhigh = "${most}MiB"`;
  const kill = '[kill]\nterm_grace = "300ms"\n';
  return `preset = "none"\n[headroom]\n${marks}\n${kill}[[rule]]\nverdict = "only"\nuid = ${hogUid}\n`;
}

/** A file of such settings. */
export function settings(marks: Marks): string {
  const path = join(settingsFolder, `settings-${Math.random().toString(36).slice(2)}.toml`);
  writeFileSync(path, confined(marks));
  return path;
}

/** Settings that are refused with ten mistakes, each told with its key of so many letters. */
export const wordyMistakes = (letters: number): string =>
  Array.from({ length: 10 }, (_, n) => `${"x".repeat(letters)}${n} = 1\n`).join("");
