import type { Arc } from "#domain/arc.ts";
import type { Branch, BranchTree, IoCounts, MemcgPreference } from "#domain/branch.ts";
import type { Identity } from "#domain/identity.ts";
import type { Membership, MemcgEvents, MemcgLimits, MemcgMembers, WatchedMemcg } from "#domain/memcg.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import type { Overcommit } from "#domain/overcommit.ts";
import type { Pressure, Stall } from "#domain/pressure.ts";
import type {
  ProcessFacts,
  ProcessMemory,
  ProcessState,
  ProcessTable,
  ProcessTraits,
  UnreadProcesses,
} from "#domain/process.ts";
import type { Facts, Reading } from "#domain/snapshot.ts";
import type { StoredOnZram, SwapDevice, Swaps, Zswap } from "#domain/swaps.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import type { Vmstat } from "#domain/vmstat.ts";
import type { KernelZone, Zoneinfo } from "#domain/zoneinfo.ts";
import {
  aFlag,
  aNumber,
  anAmount,
  aShare,
  aText,
  byKind,
  fieldsOf,
  listOf,
  oneOf,
  perhaps,
  type Shape,
  setOf,
} from "./shape.ts";

/** Which process. */
export const anIdentity = fieldsOf<Identity>({ pid: anAmount(), startTicks: anAmount() });

/** What a call refused. */
export const aFailure = fieldsOf<SystemFailure>({ call: aText(), errno: aText(), subject: aText(), advice: aText() });

const meminfo = fieldsOf<Meminfo>({
  total: anAmount(),
  free: anAmount(),
  available: perhaps(anAmount()),
  buffers: anAmount(),
  cached: anAmount(),
  anon: anAmount(),
  shmem: anAmount(),
  activeFile: anAmount(),
  inactiveFile: anAmount(),
  slabReclaimable: anAmount(),
  hugetlb: perhaps(anAmount()),
  zswap: perhaps(anAmount()),
  zswapped: perhaps(anAmount()),
  swapTotal: anAmount(),
  swapFree: anAmount(),
  committedAs: anAmount(),
  commitLimit: anAmount(),
});

const stall = fieldsOf<Stall>({ average10: aShare(), average60: aShare(), average300: aShare(), total: anAmount() });
const pressure = fieldsOf<Pressure>({ some: stall, full: stall });

const vmstat = fieldsOf<Vmstat>({
  pagesSwappedIn: anAmount(),
  pagesSwappedOut: anAmount(),
  scannedByKswapd: anAmount(),
  scannedDirectly: anAmount(),
  stolenByKswapd: anAmount(),
  stolenDirectly: anAmount(),
  allocationStalls: anAmount(),
  fileRefaults: anAmount(),
  anonRefaults: perhaps(anAmount()),
  majorFaults: perhaps(anAmount()),
  oomKills: perhaps(anAmount()),
});

const zone = fieldsOf<KernelZone>({
  node: anAmount(),
  name: aText(),
  index: anAmount(),
  free: anAmount(),
  min: anAmount(),
  low: anAmount(),
  high: anAmount(),
  present: anAmount(),
  managed: anAmount(),
  protection: listOf(anAmount()),
  activeAnon: anAmount(),
  inactiveAnon: anAmount(),
  activeFile: anAmount(),
  inactiveFile: anAmount(),
  freeCma: anAmount(),
  freeHighatomic: perhaps(anAmount()),
  nodeUnreclaimable: aFlag,
});

const swapDevice = fieldsOf<SwapDevice>({
  path: aText(),
  kind: oneOf<SwapDevice["kind"]>({ partition: "", file: "", zram: "" }),
  size: anAmount(),
  used: anAmount(),
  priority: aNumber(),
  stored: perhaps(fieldsOf<StoredOnZram>({ original: anAmount(), occupied: anAmount(), limit: perhaps(anAmount()) })),
});
const swaps = fieldsOf<Swaps>({
  devices: listOf(swapDevice),
  zswap: perhaps(fieldsOf<Zswap>({ maxPool: aShare() })),
});

const memcgLimits = byKind<MemcgLimits>({
  v1: { memory: perhaps(anAmount()), memoryAndSwap: perhaps(anAmount()), swappiness: anAmount() },
  v2: { memory: perhaps(anAmount()), swap: perhaps(anAmount()), swappiness: anAmount() },
});
const memcgEvents = fieldsOf<MemcgEvents>({
  low: perhaps(anAmount()),
  high: perhaps(anAmount()),
  max: anAmount(),
  oom: perhaps(anAmount()),
  oomKill: perhaps(anAmount()),
});
const memcg = fieldsOf<WatchedMemcg>({
  named: aText(),
  path: aText(),
  usage: anAmount(),
  swapped: perhaps(anAmount()),
  limits: memcgLimits,
  high: perhaps(anAmount()),
  reclaimable: anAmount(),
  events: memcgEvents,
  pressure: perhaps(pressure),
});

const memcgMembers = fieldsOf<MemcgMembers>({ path: aText(), members: setOf(anAmount()) });
const membership = fieldsOf<Membership>({ watched: listOf(memcgMembers), groups: listOf(memcgMembers) });

const preferences: Readonly<Record<MemcgPreference, "">> = { prefer: "", none: "", avoid: "", omit: "" };
/** What is to become of a cgroup. */
export const aPreference = oneOf<MemcgPreference>(preferences);

const branch = fieldsOf<Branch>({
  path: aText(),
  parent: perhaps(aText()),
  members: setOf(anAmount()),
  usage: anAmount(),
  reclaimable: anAmount(),
  swapped: perhaps(anAmount()),
  promised: anAmount(),
  stalled: perhaps(anAmount()),
  pgscan: perhaps(anAmount()),
  io: perhaps(
    fieldsOf<IoCounts>({
      readBytes: anAmount(),
      writtenBytes: anAmount(),
      discardedBytes: anAmount(),
      reads: anAmount(),
      writes: anAmount(),
      discards: anAmount(),
    }),
  ),
  diesWhole: aFlag,
  preference: aPreference,
});

const processState = oneOf<ProcessState>({
  running: "",
  sleeping: "",
  uninterruptible: "",
  stopped: "",
  tracing: "",
  zombie: "",
  dead: "",
  idle: "",
  unknown: "",
});
const processMemory = fieldsOf<ProcessMemory>({
  virtual: anAmount(),
  rss: anAmount(),
  counted: anAmount(),
  anon: anAmount(),
  file: anAmount(),
  shmem: anAmount(),
  swap: anAmount(),
  pageTables: anAmount(),
});
const processTraits = fieldsOf<ProcessTraits>({
  exe: perhaps(aText()),
  cmdline: perhaps(aText()),
  cgroup: perhaps(aText()),
});
const process = fieldsOf<ProcessFacts>({
  identity: anIdentity,
  parent: perhaps(anAmount()),
  comm: aText(),
  uid: perhaps(anAmount()),
  state: processState,
  threads: anAmount(),
  leadsSession: perhaps(aFlag),
  leadsTerminal: perhaps(aFlag),
  isKernelThread: aFlag,
  isDying: aFlag,
  oomScoreAdj: aNumber(),
  memory: perhaps(processMemory),
  traits: processTraits,
});
const processes = fieldsOf<ProcessTable>({
  self: anAmount(),
  processes: listOf(process),
  isComplete: aFlag,
  readAt: perhaps(anAmount()),
  unread: perhaps(
    fieldsOf<UnreadProcesses>({ count: anAmount(), held: anAmount(), own: perhaps(anAmount()), permille: aNumber() }),
  ),
  failure: perhaps(aFailure),
});

const readingOf = <T>(value: Shape<T>): Shape<Reading<T> | undefined> =>
  perhaps(byKind<Reading<T>>({ known: { value }, unavailable: { failure: aFailure } }));

/** A reading of each fact that may have been asked for. */
export const readings: { readonly [F in keyof Facts]: Shape<Reading<Facts[F]> | undefined> } = {
  meminfo: readingOf(meminfo),
  pressure: readingOf(pressure),
  ioPressure: readingOf(pressure),
  vmstat: readingOf(vmstat),
  zoneinfo: readingOf(fieldsOf<Zoneinfo>({ zones: listOf(zone) })),
  swaps: readingOf(swaps),
  arc: readingOf(perhaps(fieldsOf<Arc>({ size: anAmount(), minimum: anAmount(), evictable: perhaps(anAmount()) }))),
  overcommit: readingOf(oneOf<Overcommit>({ heuristic: "", always: "", never: "" })),
  memcgs: readingOf(listOf(memcg)),
  membership: readingOf(membership),
  branches: readingOf(listOf(fieldsOf<BranchTree>({ path: aText(), branches: listOf(branch) }))),
  processes: readingOf(processes),
};
