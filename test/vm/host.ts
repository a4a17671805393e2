import { spawnSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { bytes, bytesToKiB, kibToMiB } from "#domain/units.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { cacheFolder } from "./cache.ts";

/** What asks the network, or unpacks a kernel, is over by then, or hangs. */
const longestRunMs = 180_000;

/** Runs a program of the host to its end. @returns what it wrote @throws Error with what it said, when it fails or hangs */
export function readFromHost(program: string, args: readonly string[], cwd?: string): Buffer {
  const options = { cwd, maxBuffer: 1 << 28, timeout: longestRunMs, killSignal: "SIGKILL" } as const;
  const { status, stdout, stderr, error } = spawnSync(program, args, options);
  if (error) throw new Error(`Cannot run ${program}: ${error.message}; install it with apt-get`);
  if (status !== 0) {
    throw new Error(`Cannot run ${program} ${args.join(" ")}: exit status ${status}; ${stderr.toString().trim()}`);
  }
  return stdout;
}

/** As {@link readFromHost}, for what is text. */
export const runHost = (program: string, args: readonly string[], cwd?: string): string =>
  readFromHost(program, args, cwd).toString();

/** What it takes to make and run a guest; all but the first is on every Debian. */
const programs = [
  "qemu-system-x86_64",
  "setpriv",
  "mke2fs",
  "xz",
  "ldd",
  "perl",
  "npm",
  "apt-get",
  "apt-cache",
  "dpkg-deb",
];

/** A guest has 1 GiB, and QEMU needs some for what it translates; the rest of the host keeps a quarter of that. */
const guestNeedsMiB = 1536;

/** Room for packages and images, for the root disk, and for what a guest writes, which QEMU keeps in /var/tmp. */
const roomMiB = 2048;

function lacksRoom(): string | false {
  for (const folder of [cacheFolder(), tmpdir(), process.env["TMPDIR"] ?? "/var/tmp"]) {
    const { bavail, bsize } = statfsSync(folder);
    const free = Math.floor(kibToMiB(bytesToKiB(bytes(bavail * bsize))));
    if (free < roomMiB) return `${folder} has ${free} MiB free; ${roomMiB} MiB are needed`;
  }
  return false;
}

/** Asks for what it takes to run so many guests, and some other programs. @throws RangeError that says what is not to be had here */
export function requireGuests(atOnce: number, ...others: readonly string[]): void {
  const lacking = lacksGuests(atOnce) || lacksPrograms(...others);
  if (lacking !== false) throw new RangeError(`Cannot run guests: ${lacking}`);
}

function lacksGuests(atOnce: number): string | false {
  if (process.arch !== "x64") return `guests run this machine's Node, and are x64: this is ${process.arch}`;
  const lacking = lacksPrograms(...programs);
  if (lacking !== false) return `${lacking}; apt-get install qemu-system-x86 e2fsprogs xz-utils`;
  const available = Math.floor(kibToMiB(bytesToKiB(bytes(process.availableMemory()))));
  const needed = atOnce * guestNeedsMiB;
  if (needed > available) return `${atOnce} guests at once need ${needed} MiB, and ${available} MiB are available`;
  return lacksRoom();
}
