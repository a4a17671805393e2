import { randomFillSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import koffi from "koffi";

const help = `Usage: npm run hog:anon -- [OPTION…]

Fills anonymous memory that does not compress, says so in one line of JSON, and holds it until it is ended.
It offers itself to every OOM killer, dies with whoever started it, and ends by itself.

  --mib N          memory to fill (default 64, at most 2048)
  --rate N         MiB per second (default 0: as fast as it can)
  --seconds N      ends by itself after so long (default 60, at most 600)
  --ignore-term    SIGTERM does nothing
  --stop           stops itself (SIGSTOP) once it is filled
  --share-memory   makes a second process with the same memory: clone(CLONE_VM) without CLONE_THREAD
  --adj N          oom_score_adj (default 1000)
  --uid N          the user it becomes (default: as it was started)
  --name NAME      its comm (default hog)`;

const mostMib = 2048;
const longestSeconds = 600;
const bytesPerMib = 1024 * 1024;
const chunkBytes = 4 * bytesPerMib;
const pageBytes = 4096;
const ticksPerSecond = 100;

const { values } = parseArgs({
  options: {
    mib: { type: "string", default: "64" },
    rate: { type: "string", default: "0" },
    seconds: { type: "string", default: "60" },
    adj: { type: "string", default: "1000" },
    uid: { type: "string" },
    name: { type: "string", default: "hog" },
    "ignore-term": { type: "boolean", default: false },
    stop: { type: "boolean", default: false },
    "share-memory": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

type NumericOption = "mib" | "rate" | "seconds" | "adj" | "uid";

function numberOf(name: NumericOption, [from, to]: readonly [number, number]): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= from && number <= to) return number;
  throw new RangeError(`Cannot use --${name} ${values[name]}: it must be a whole number between ${from} and ${to}`);
}

const libc = koffi.load("libc.so.6");
const prctl = libc.func("int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)");
const ignoreSignal = libc.func("intptr_t signal(int number, intptr_t handler)");
const mapMemory = libc.func(
  "intptr_t mmap(intptr_t at, size_t length, int protection, int flags, int fd, long offset)",
);
const findSymbol = libc.func("intptr_t dlsym(intptr_t handle, const char *name)");
const clone = libc.func("int clone(intptr_t main, intptr_t stack, int flags, intptr_t argument)");

/** linux/prctl.h, bits/signum-generic.h, linux/sched.h, bits/mman-map-flags-generic.h */
const PR_SET_PDEATHSIG = 1;
const SIGTERM = 15;
const SIGCHLD = 17;
const SIGKILL = 9;
const SIG_IGN = 1;
const CLONE_VM = 0x100;
const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const stackBytes = 256 * 1024;

/** Offers itself and becomes harmless, before it takes any memory. */
function settle(): void {
  writeFileSync("/proc/self/oom_score_adj", String(numberOf("adj", [-1000, 1000])));
  const uid = values.uid === undefined ? undefined : numberOf("uid", [1, 2 ** 31]);
  if (uid !== undefined) {
    process.setgroups?.([]);
    process.setgid?.(uid);
    process.setuid?.(uid);
  }
  const starter = process.ppid;
  // After setuid, which clears it. A starter that was gone before is noticed by its pid.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (process.ppid !== starter) process.kill(process.pid, "SIGKILL");
  process.title = values.name;
  if (values["ignore-term"]) ignoreSignal(SIGTERM, SIG_IGN);
}

/** A second process in the same memory. All it runs is sleep(3), on a stack of its own, so that it ends in time even when nobody is left to end it. */
function startSharer(seconds: number): number {
  const stack = mapMemory(0, stackBytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
  const pid = clone(findSymbol(0, "sleep"), stack + stackBytes, CLONE_VM | SIGCHLD, seconds);
  if (pid === -1) throw new Error(`Cannot clone: errno ${koffi.errno()}`);
  return pid;
}

const noise = randomFillSync(Buffer.allocUnsafeSlow(bytesPerMib));

/** Touched memory that is worth nothing to a compressor. */
function fillChunk(bytes: number): Buffer {
  const chunk = Buffer.allocUnsafeSlow(bytes);
  for (let offset = 0; offset < bytes; offset += noise.length) noise.copy(chunk, offset);
  return chunk;
}

/** Piece by piece, and never in crumbs: an object of its own for each would take more than what is in it. */
async function* grow(mib: number, rate: number): AsyncGenerator<Buffer> {
  const [wanted, began] = [mib * bytesPerMib, performance.now()];
  let filled = 0;
  while (filled < wanted) {
    const due = rate === 0 ? wanted : ((performance.now() - began) / 1000) * rate * bytesPerMib;
    const allowed = Math.min(wanted, Math.floor(due / pageBytes) * pageBytes);
    while (filled < allowed) {
      const bytes = Math.min(chunkBytes, allowed - filled);
      yield fillChunk(bytes);
      filled += bytes;
    }
    if (filled < wanted) await new Promise((resolve) => setTimeout(resolve, 1000 / ticksPerSecond));
  }
}

async function main(): Promise<void> {
  const mib = numberOf("mib", [1, mostMib]);
  const rate = numberOf("rate", [0, 1_000_000]);
  const seconds = numberOf("seconds", [1, longestSeconds]);
  settle();
  const held: Buffer[] = [];
  let sharer: number | undefined;
  setTimeout(() => {
    if (sharer !== undefined) process.kill(sharer, "SIGKILL");
    process.kill(process.pid, "SIGKILL");
  }, seconds * 1000);
  for await (const chunk of grow(mib, rate)) held.push(chunk);
  if (values["share-memory"]) sharer = startSharer(seconds);
  const filled = {
    pid: process.pid,
    filled_kib: held.reduce((sum, { length }) => sum + length, 0) / 1024,
    ...(sharer && { sharer_pid: sharer }),
  };
  process.stdout.write(`${JSON.stringify(filled)}\n`);
  if (values.stop) process.kill(process.pid, "SIGSTOP");
}

if (values.help) process.stdout.write(`${help}\n`);
else await main();
