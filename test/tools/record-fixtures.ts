/* Records this machine as a fixture: a tree that can stand for the root of a file system. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "#test/support/repository.ts";
import { driverFiles } from "#test/tools/driver-files.ts";
import { scrubComm, scrubProcessFile, scrubSwaps } from "#test/tools/scrub.ts";

const help = `Usage: npm run fixtures:record -- [--name NAME]

Records /proc of this machine, and what of /sys is about swap, into test/fixtures/machines/NAME, scrubbed, with a MACHINE.md that says where it came from.
NAME is made of distribution, kernel, architecture and page size unless it is given. An older recording of that name is replaced.

  --name NAME   folder to record into
  --help        this text`;

const kthreadd = 2;
const quietTries = 2000;
const ordinaryProcesses = 6;
const programFolders = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin"];
const oomSysctls = ["panic_on_oom", "oom_kill_allocating_task", "oom_dump_tasks"].map((name) => `sys/vm/${name}`);
const processFiles = ["stat", "status", "statm", "oom_score_adj", "oom_score", "cgroup", "cmdline"];

const { values: options } = parseArgs({
  options: { name: { type: "string" }, help: { type: "boolean", default: false } },
});
const knownPrograms: ReadonlySet<string> = new Set(programFolders.flatMap((folder) => readdirSync(folder)));

if (options.help) process.stdout.write(`${help}\n`);
else record();

function record(): void {
  const folder = join(repositoryRoot, "test/fixtures/machines", options.name ?? machineName());
  rmSync(folder, { recursive: true, force: true });
  const { files, tries } = readQuietly();
  for (const [path, text] of files) write(folder, path, text);
  for (const path of ["pressure/memory", "sys/kernel/osrelease", "sys/vm/overcommit_memory", ...oomSysctls]) {
    write(folder, path, readProc(path));
  }
  write(folder, "swaps", scrubSwaps(readProc("swaps")));
  for (const path of driverFiles()) writeBelow(folder, path, readFileSync(join("/", path), "latin1"));
  const pids = chooseProcesses();
  for (const pid of pids) recordProcess(folder, pid);
  writeFileSync(join(folder, "MACHINE.md"), describeMachine(tries, pids));
  process.stdout.write(`Recorded ${pids.length} processes into ${folder}\n`);
}

/** meminfo, zoneinfo and vmstat of one moment: read again and again until meminfo is the same before and after. */
function readQuietly(): { files: Map<string, string>; tries: number } {
  for (let tries = 1; tries <= quietTries; tries++) {
    const before = readProc("meminfo");
    const files = new Map([
      ["zoneinfo", readProc("zoneinfo")],
      ["vmstat", readProc("vmstat")],
      ["meminfo", readProc("meminfo")],
    ]);
    if (files.get("meminfo") === before) return { files, tries };
  }
  throw new Error(
    `Cannot record: meminfo changed during each of ${quietTries} readings; wait until the machine is quiet`,
  );
}

/** pid 1, two kernel threads, ourselves with all ancestors, and a few programs every machine has. */
function chooseProcesses(): readonly number[] {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const chosen = new Set([1, 2, ...pids.filter((pid) => nameOf(pid) === "kswapd0")]);
  for (let pid = process.pid; pid > 0; pid = parentOf(pid)) chosen.add(pid);
  const others = pids.filter((pid) => !chosen.has(pid) && knownPrograms.has(nameOf(pid)) && !isKernelThread(pid));
  for (const pid of others.slice(0, ordinaryProcesses)) chosen.add(pid);
  return [...chosen].sort((a, b) => a - b);
}

function recordProcess(folder: string, pid: number): void {
  const comm = nameOf(pid);
  const shown = pid === 1 ? "init" : isKernelThread(pid) ? comm : scrubComm(comm, knownPrograms);
  for (const file of processFiles) {
    const text = readProc(`${pid}/${file}`);
    write(folder, `${pid}/${file}`, scrubProcessFile(file, text, { comm, shown, knownPrograms }));
  }
}

function describeMachine(tries: number, pids: readonly number[]): string {
  const total = /MemTotal:\s+(\d+) kB/.exec(readProc("meminfo"))?.[1];
  return `# ${options.name ?? machineName()}

- Distribution: ${distribution().name}
- Kernel: ${readProc("sys/kernel/osrelease").trim()}, ${process.arch}, pages of ${pageKiB()} KiB
- Memory: MemTotal ${total} kB; ${readProc("swaps").trim().split("\n").length - 1} swap devices
- Recorded: ${new Date().toISOString().slice(0, 10)} by \`npm run fixtures:record\`
- meminfo, zoneinfo and vmstat are of one moment: meminfo was the same before and after (try ${tries})
- Processes: ${pids.join(", ")}; each file of a process was read at its own time
- Scrubbed: names of programs that are not in ${programFolders.join(", ")}; arguments (their number stays); segments of
  cgroup paths that systemd does not name alike everywhere; paths of swap files. Nothing else was changed. exe, environ
  and maps are not recorded.
`;
}

function machineName(): string {
  const [major, minor] = readProc("sys/kernel/osrelease").split(".");
  return `${distribution().id}-${major}.${minor}-${process.arch}-${pageKiB()}k`;
}

function distribution(): { id: string; name: string } {
  const release = readFileSync("/etc/os-release", "utf8");
  const field = (key: string): string => new RegExp(`^${key}="?([^"\n]*)`, "m").exec(release)?.[1] ?? "";
  return { id: `${field("ID")}${field("VERSION_ID")}`, name: field("PRETTY_NAME") };
}

/** As the kernel tells it for our own mappings. */
function pageKiB(): number {
  return Number(/^KernelPageSize:\s+(\d+) kB$/m.exec(readProc("self/smaps"))?.[1]);
}

function nameOf(pid: number): string {
  return readProc(`${pid}/comm`).slice(0, -1);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readProc(`${pid}/status`))?.[1]);
}

function isKernelThread(pid: number): boolean {
  return pid === kthreadd || parentOf(pid) === kthreadd;
}

/** One byte is one character, so that damaged names stay as they are. */
function readProc(path: string): string {
  return readFileSync(join("/proc", path), "latin1");
}

function write(folder: string, path: string, text: string): void {
  writeBelow(folder, join("proc", path), text);
}

function writeBelow(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, "latin1");
}
