import { writeBpf } from "#native-bindings/bpf-code.ts";
import type { KernelTypes, MemberPlace, TypeId } from "#procfs/btf.ts";

/** What is written of a process, in words of 4 bytes. */
export const censusRecord = {
  pid: 0,
  oomScoreAdj: 1,
  /** Pages: file, anon and shmem; below 0 when counters of single CPUs have not been added up yet. */
  resident: 2,
  /** Pages. */
  swapped: 3,
  /** KiB. */
  pageTables: 4,
  threads: 5,
  words: 6,
} as const;

const wordSize = 4;
const recordSize = censusRecord.words * wordSize;

/** linux/mm_types_task.h */
const counters = { file: 0, anon: 1, swap: 2, shmem: 3 };
/** linux/sched.h: PF_KTHREAD, which may have borrowed an mm. */
const kernelThread = 0x0020_0000;
/** linux/bpf.h */
const seqWrite = 127;
const bitsInKiB = 10;

/** The program, and what it is to be called for. */
export interface CensusProgram {
  readonly code: Uint8Array;
  readonly target: TypeId;
}

/**
 * Writes a record of every process that has memory: of its first thread or, when that has exited, of each of the others, so that a
 * process may be there more than once. Undefined: the types of this kernel have not what is needed.
 * @see kernel/bpf/task_iter.c; mm/oom_kill.c: oom_badness, find_lock_task_mm
 */
export function writeCensus(types: KernelTypes): CensusProgram | undefined {
  const target = types.findFunction("bpf_iter_task");
  const at = findPlaces(types);
  if (target === undefined || at === undefined) return undefined;
  const code = writeBpf();
  code.copy("kept", "first");
  code.load("also", { base: "kept", offset: wordOfTask }, 8);
  code.endIfZero("also");
  code.load("first", { base: "also", offset: at.flags }, 4);
  code.and("first", kernelThread);
  code.endUnlessZero("first");
  code.load("other", { base: "also", offset: at.mm }, 8);
  code.endIfZero("other");
  code.load("first", { base: "also", offset: at.pid }, 4);
  code.load("second", { base: "also", offset: at.tgid }, 4);
  code.store(word(censusRecord.pid), "second", 4);
  code.unlessSame("first", "second", () => {
    code.load("third", { base: "also", offset: at.groupLeader }, 8);
    code.load("third", { base: "third", offset: at.mm }, 8);
    code.endUnlessZero("third");
  });
  code.load("third", { base: "also", offset: at.signal }, 8);
  code.load("first", { base: "third", offset: at.oomScoreAdj }, 2);
  code.store(word(censusRecord.oomScoreAdj), "first", 4);
  code.load("first", { base: "third", offset: at.threads }, 4);
  code.store(word(censusRecord.threads), "first", 4);
  code.load("first", { base: "other", offset: at.counter(counters.file) }, 8);
  for (const counter of [counters.anon, counters.shmem]) {
    code.load("second", { base: "other", offset: at.counter(counter) }, 8);
    code.add("first", "second");
  }
  code.store(word(censusRecord.resident), "first", 4);
  code.load("first", { base: "other", offset: at.counter(counters.swap) }, 8);
  code.store(word(censusRecord.swapped), "first", 4);
  code.load("first", { base: "other", offset: at.pageTables }, 8);
  code.shiftRight("first", bitsInKiB);
  code.store(word(censusRecord.pageTables), "first", 4);
  code.load("first", { base: "kept", offset: wordOfMeta }, 8);
  code.load("first", { base: "first", offset: at.seq }, 8);
  code.copy("second", "frame");
  code.add("second", -recordSize);
  code.set("third", recordSize);
  code.call(seqWrite);
  return { code: code.finish(), target };
}

/** struct bpf_iter__task { struct bpf_iter_meta *meta; struct task_struct *task; } */
const wordOfMeta = 0;
const wordOfTask = 8;

/** Where a word of the record is put together. */
const word = (index: number) => ({ base: "frame", offset: index * wordSize - recordSize }) as const;

/** Where in the kernel's structs everything lies, in bytes. */
interface Places {
  readonly pid: number;
  readonly tgid: number;
  readonly flags: number;
  readonly mm: number;
  readonly signal: number;
  readonly groupLeader: number;
  readonly oomScoreAdj: number;
  readonly threads: number;
  readonly pageTables: number;
  readonly seq: number;
  readonly counter: (index: number) => number;
}

function findPlaces(types: KernelTypes): Places | undefined {
  const find = (struct: string, member: string): number | undefined => {
    const id = types.findStruct(struct);
    return id === undefined ? undefined : types.findMember(id, member)?.offset;
  };
  const places = {
    pid: find("task_struct", "pid"),
    tgid: find("task_struct", "tgid"),
    flags: find("task_struct", "flags"),
    mm: find("task_struct", "mm"),
    signal: find("task_struct", "signal"),
    groupLeader: find("task_struct", "group_leader"),
    oomScoreAdj: find("signal_struct", "oom_score_adj"),
    threads: find("signal_struct", "nr_threads"),
    pageTables: find("mm_struct", "pgtables_bytes"),
    seq: find("bpf_iter_meta", "seq"),
    counter: findCounter(types),
  };
  const hasAll = (found: typeof places): found is { [Name in keyof Places]: Places[Name] } =>
    Object.values(found).every((each) => each !== undefined);
  return hasAll(places) ? places : undefined;
}

/** Where the counters of an mm lie: `struct percpu_counter rss_stat[]` since Linux 6.2, before that `struct mm_rss_stat` with `count[]`. */
function findCounter(types: KernelTypes): Places["counter"] | undefined {
  const mm = types.findStruct("mm_struct");
  const stat = mm === undefined ? undefined : types.findMember(mm, "rss_stat");
  if (stat === undefined) return undefined;
  const perCpu = types.elementOf(stat.type);
  const count: MemberPlace | undefined = types.findMember(perCpu ?? stat.type, "count");
  if (count === undefined) return undefined;
  const step = perCpu === undefined ? longSize : types.sizeOf(perCpu);
  return (index) => stat.offset + index * step + count.offset;
}

const longSize = 8;
