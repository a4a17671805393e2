import { spawnSync } from "node:child_process";
import { lacksPrograms } from "#test/support/needs.ts";

/** Runs a program of the host to its end. @returns what it wrote @throws Error with what it said, when it fails */
export function readFromHost(program: string, args: readonly string[], cwd?: string): Buffer {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, maxBuffer: 1 << 28 });
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

/** Why no guest can be run here, or false. */
export function lacksGuests(): string | false {
  if (process.arch !== "x64") return `guests run this machine's Node, and are x64: this is ${process.arch}`;
  const lacking = lacksPrograms(...programs);
  return lacking === false ? false : `${lacking}; apt-get install qemu-system-x86 e2fsprogs xz-utils`;
}
