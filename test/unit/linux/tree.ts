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

const pageTablesKiB = 40;

export interface ProcessText {
  readonly pid: number;
  readonly comm?: string;
  readonly state?: string;
  readonly flags?: number;
  readonly threads?: number;
  readonly startTicks?: number;
  /** Resident anonymous memory; without it there are no Vm lines. */
  readonly anonKiB?: number | undefined;
  readonly swapKiB?: number;
  readonly adj?: number;
  /** Where the stack of its program begins: another program, another place. */
  readonly stackStart?: number;
  /** Not the first thread of a process: such are shown to who asks for them by number, and not listed. */
  readonly isFollower?: boolean;
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
  swapKiB = 0,
  adj = 0,
  stackStart = 0,
  isFollower = false,
}: ProcessText): Readonly<Record<string, string>> {
  const memory =
    anonKiB === undefined
      ? ""
      : `VmSize:\t${anonKiB * 2} kB\nVmRSS:\t${anonKiB} kB\nRssAnon:\t${anonKiB} kB\nRssFile:\t0 kB\nRssShmem:\t0 kB\nVmPTE:\t${pageTablesKiB} kB\nVmSwap:\t${swapKiB} kB\n`;
  const directory = `proc/${pid}`;
  return {
    [`${directory}/stat`]: `${pid} (${comm}) ${state} 1 ${pid} ${pid} 0 -1 ${flags} 0 0 0 0 0 0 0 0 20 0 ${threads} 0 ${startTicks} 4096 100 18446744073709551615 0 0 ${stackStart} 0 0 0 0 0 0 0 0 0 ${isFollower ? -1 : 17}\n`,
    [`${directory}/status`]: `Name:\t${comm}\nUid:\t1000\t1000\t1000\t1000\n${memory}CoreDumping:\t0\nThreads:\t${threads}\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\n`,
    [`${directory}/oom_score_adj`]: `${adj}\n`,
    [`${directory}/cgroup`]: "0::/user.slice\n",
    [`${directory}/cmdline`]: `/usr/bin/${comm}\0--flag\0`,
  };
}

/** RAM and swap of a machine. */
export interface MemoryText {
  readonly ramKiB: number;
  readonly swapKiB: number;
  readonly anonKiB: number;
  readonly swapUsedKiB: number;
}

/** What `/proc/meminfo` prints of it. */
export const meminfoText = ({ ramKiB, swapKiB, anonKiB, swapUsedKiB }: MemoryText): string =>
  Object.entries({
    MemTotal: ramKiB,
    MemFree: 0,
    MemAvailable: 0,
    Buffers: 0,
    Cached: 0,
    "Active(file)": 0,
    "Inactive(file)": 0,
    SwapTotal: swapKiB,
    SwapFree: swapKiB - swapUsedKiB,
    AnonPages: anonKiB,
    Shmem: 0,
    SReclaimable: 0,
    CommitLimit: ramKiB,
    Committed_AS: 0,
  })
    .map(([label, amount]) => `${label}: ${amount} kB\n`)
    .join("");

/** The files of a process with those that weigh it, in a machine of so much RAM and swap; `stat` counts what `status` shows. */
export function weighedFiles(text: ProcessText, totalKiB: number): Readonly<Record<string, string>> {
  const { pid, anonKiB, swapKiB = 0, adj = 0 } = text;
  const files = processFiles(text);
  const [resident, totalPages] = [(anonKiB ?? 0) / 4, totalKiB / 4];
  const points = resident + (swapKiB + pageTablesKiB) / 4 + adj * Math.trunc(totalPages / 1000);
  const isChoosable = anonKiB !== undefined && adj !== -1000;
  const score = isChoosable ? Math.trunc(((1000 + Math.trunc((points * 1000) / totalPages)) * 2) / 3) : 0;
  return {
    ...files,
    [`proc/${pid}/stat`]: (files[`proc/${pid}/stat`] ?? "").replace(" 4096 100 ", ` 4096 ${resident} `),
    [`proc/${pid}/statm`]: `${2 * resident} ${resident} 0 0 0 ${resident} 0\n`,
    [`proc/${pid}/oom_score`]: `${score}\n`,
  };
}

/** Makes `proc/PID/exe` a link, as the kernel shows it. */
export function linkExe(tree: Tree, pid: number, to: string): void {
  symlinkSync(to, join(tree.root, `proc/${pid}/exe`));
}
