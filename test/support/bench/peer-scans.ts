import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { getPriority, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { lacksPrograms } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { startPeer } from "./killers.ts";
import { meminfoNow } from "./memory-now.ts";

const nsPerMs = 1_000_000;

/** What is on a processor at the moment is not counted yet; it is too little to matter over several scans. */
const cpuNs = (pid: number): number => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]);

/** Scans of earlyoom, in milliseconds. */
export interface PeerScan {
  /** From "low memory!" to the line that names a victim, by the clock; one for each scan. */
  readonly ms: readonly number[];
  /** Of one scan, what is done between two of them included. */
  readonly cpuMs: number;
}

/** What choosing costs earlyoom, in dry runs. Its own figure (-d) would count the printing of every process as well. */
export async function scanOfEarlyoom(earlyoom: string, scans: number, signal: AbortSignal): Promise<PeerScan> {
  // Less than all would never be reached on a machine that does nothing else.
  const everything = meminfoNow().total;
  const options = ["--dryrun", "-M", `${everything},${everything}`, "-s", "100,100", "-r", "0"];
  await using program = startPeer([earlyoom, ...options], signal);
  using _swiftly = readSwiftly();
  const scanOnce = async (): Promise<number> => {
    const began = await program.until(/^low memory/);
    return ((await program.until(/^sending SIGKILL/)).at - began.at) / nsPerMs;
  };
  // The first one is of a process that has just been started.
  await scanOnce();
  const before = cpuNs(program.pid);
  const ms: number[] = [];
  for (let n = 0; n < scans; n++) ms.push(await scanOnce());
  return { ms, cpuMs: (cpuNs(program.pid) - before) / scans / nsPerMs };
}

/** Two lines that are read late are read at once, and nothing seems to be between them. */
function readSwiftly(): Disposable {
  const [usual, swift] = [getPriority(), -20];
  setPriority(swift);
  return { [Symbol.dispose]: () => setPriority(usual) };
}

/** What reading the same files costs a program in C, by the clock. Undefined: there is no compiler here. */
export function scanInC(files: readonly string[], scans: number): readonly number[] | undefined {
  if (lacksPrograms("cc") !== false) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  try {
    const reader = join(folder, "scan-reader");
    const source = join(repositoryRoot, "test/support/bench/scan_reader.c");
    const { status } = spawnSync("cc", ["-O2", "-o", reader, source], { stdio: "inherit" });
    if (status !== 0) return undefined;
    const { stdout } = spawnSync(reader, [String(scans), ...files], { encoding: "utf8" });
    return stdout
      .trim()
      .split("\n")
      .map((ns) => Number(ns) / nsPerMs);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
