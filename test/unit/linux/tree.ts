import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A hand-made root in a temporary directory. */
export interface Tree extends Disposable {
  readonly root: string;
  write(path: string, content: string): void;
}

export function makeTree(files: Readonly<Record<string, string>>): Tree {
  const root = mkdtempSync(join(tmpdir(), "tidemark-tree-"));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  mkdirSync(join(root, "proc"));
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { root, write, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

export interface ProcessText {
  readonly pid: number;
  readonly comm?: string;
  readonly state?: string;
  readonly flags?: number;
  readonly threads?: number;
  readonly startTicks?: number;
  /** Resident anonymous memory; without it there are no Vm lines. */
  readonly anonKiB?: number | undefined;
  readonly adj?: number;
}

/** The files of one process, as the kernel prints them. */
export function processFiles({
  pid,
  comm = "worker",
  state = "S",
  flags = 0x400000,
  threads = 1,
  startTicks = 500 + pid,
  anonKiB,
  adj = 0,
}: ProcessText): Readonly<Record<string, string>> {
  const memory =
    anonKiB === undefined
      ? ""
      : `VmSize:\t${anonKiB * 2} kB\nVmRSS:\t${anonKiB} kB\nRssAnon:\t${anonKiB} kB\nRssFile:\t0 kB\nRssShmem:\t0 kB\nVmPTE:\t40 kB\nVmSwap:\t0 kB\n`;
  const directory = `proc/${pid}`;
  return {
    [`${directory}/stat`]: `${pid} (${comm}) ${state} 1 ${pid} ${pid} 0 -1 ${flags} 0 0 0 0 0 0 0 0 20 0 ${threads} 0 ${startTicks} 4096 100 18446744073709551615 0 0\n`,
    [`${directory}/status`]: `Name:\t${comm}\nUid:\t1000\t1000\t1000\t1000\n${memory}CoreDumping:\t0\nThreads:\t${threads}\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\n`,
    [`${directory}/oom_score_adj`]: `${adj}\n`,
    [`${directory}/cgroup`]: "0::/user.slice\n",
    [`${directory}/cmdline`]: `/usr/bin/${comm}\0--flag\0`,
  };
}

/** Makes `proc/PID/exe` a link, as the kernel shows it. */
export function linkExe(tree: Tree, pid: number, to: string): void {
  symlinkSync(to, join(tree.root, `proc/${pid}/exe`));
}
