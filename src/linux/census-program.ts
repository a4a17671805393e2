import { type Place, writeBpf } from "#native-bindings/bpf-code.ts";
import type { KernelTypes, MemberPlace, TypeId } from "#procfs/btf.ts";

/** What is written of a process, in words of 4 bytes. */
export const censusRecord = {
  pid: 0,
  oomScoreAdj: 1,
  /** Pages: file, anon and shmem; below 0 when counters of single CPUs have not been added up yet. */
  resident: 2,
  /** Pages: the anonymous ones of them. */
  anon: 3,
  /** Pages. */
  swapped: 4,
  /** KiB. */
  pageTables: 5,
  threads: 6,
  /** What lies before it on the stack begins at a multiple of 8. */
  nothing: 7,
  words: 8,
} as const;

const wordSize = 4;
const recordSize = censusRecord.words * wordSize;

/** linux/mm_types_task.h */
const counters = { file: 0, anon: 1, swap: 2, shmem: 3 };
/** linux/sched.h: PF_KTHREAD, which may have borrowed an mm. */
const kernelThread = 0x0020_0000;
/** linux/bpf.h */
const probeReadKernel = 113;
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
  code.copy(context, "r1");
  code.load(task, { base: context, offset: wordOfTask }, 8);
  code.endIfZero(task);
  code.load("r1", { base: task, offset: at.flags }, 4);
  code.and("r1", kernelThread);
  code.endUnlessZero("r1");
  code.load(mm, { base: task, offset: at.mm }, 8);
  code.endIfZero(mm);
  code.load("r1", { base: task, offset: at.pid }, 4);
  code.load("r2", { base: task, offset: at.tgid }, 4);
  code.store(word(censusRecord.pid), "r2", 4);
  // Another thread than the first is counted when that has no memory any more.
  code.unlessSame("r1", "r2", () => {
    code.load("r3", { base: task, offset: at.groupLeader }, 8);
    code.load("r3", { base: "r3", offset: at.mm }, 8);
    code.endUnlessZero("r3");
  });
  code.load("r3", { base: task, offset: at.signal }, 8);
  code.load("r1", { base: "r3", offset: at.oomScoreAdj }, 2);
  code.store(word(censusRecord.oomScoreAdj), "r1", 4);
  code.load("r1", { base: "r3", offset: at.threads }, 4);
  code.store(word(censusRecord.threads), "r1", 4);
  // bpf_probe_read_kernel(copy, size, mm->rss_stat): until 6.1 the verifier follows no array of what has another name for a struct.
  const { offset, first, step } = at.counters;
  const copySize = first + 4 * step;
  const copyAt = -(recordSize + copySize);
  const counter = (index: number): Place => ({ base: "r10", offset: copyAt + first + index * step });
  code.copy("r1", "r10");
  code.add("r1", copyAt);
  code.set("r2", copySize);
  code.copy("r3", mm);
  code.add("r3", offset);
  code.call(probeReadKernel);
  code.load("r1", counter(counters.anon), 8);
  code.store(word(censusRecord.anon), "r1", 4);
  for (const each of [counters.file, counters.shmem]) {
    code.load("r2", counter(each), 8);
    code.add("r1", "r2");
  }
  code.store(word(censusRecord.resident), "r1", 4);
  code.load("r1", counter(counters.swap), 8);
  code.store(word(censusRecord.swapped), "r1", 4);
  code.load("r1", { base: mm, offset: at.pageTables }, 8);
  code.shiftRight("r1", bitsInKiB);
  code.store(word(censusRecord.pageTables), "r1", 4);
  code.set("r1", 0);
  code.store(word(censusRecord.nothing), "r1", 4);
  // bpf_seq_write(meta->seq, record, size)
  code.load("r1", { base: context, offset: wordOfMeta }, 8);
  code.load("r1", { base: "r1", offset: at.seq }, 8);
  code.copy("r2", "r10");
  code.add("r2", -recordSize);
  code.set("r3", recordSize);
  code.call(seqWrite);
  return { code: code.finish(), target };
}

/** What the program keeps in which register. */
const context = "r6";
const task = "r7";
const mm = "r8";

/** struct bpf_iter__task { struct bpf_iter_meta *meta; struct task_struct *task; } */
const wordOfMeta = 0;
const wordOfTask = 8;

/** Where a word of the record is put together. */
const word = (index: number) => ({ base: "r10", offset: index * wordSize - recordSize }) as const;

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
  readonly counters: Counters;
}

/** Counters of an mm, one after the other. */
interface Counters {
  /** Where they begin in the mm. */
  readonly offset: number;
  /** Where the first one begins, and from each to the next. */
  readonly first: number;
  readonly step: number;
}

function findMember(types: KernelTypes, struct: string, member: string): MemberPlace | undefined {
  const id = types.findStruct(struct);
  return id === undefined ? undefined : types.findMember(id, member);
}

function findPlaces(types: KernelTypes): Places | undefined {
  const find = (struct: string, member: string): number | undefined => findMember(types, struct, member)?.offset;
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
    counters: findCounters(types),
  };
  const hasAll = (found: typeof places): found is { [Name in keyof Places]: Places[Name] } =>
    Object.values(found).every((each) => each !== undefined);
  return hasAll(places) ? places : undefined;
}

/** `struct percpu_counter rss_stat[]` since Linux 6.2, before that `struct mm_rss_stat` with `count[]`. */
function findCounters(types: KernelTypes): Counters | undefined {
  const stat = findMember(types, "mm_struct", "rss_stat");
  if (stat === undefined) return undefined;
  const perCpu = types.elementOf(stat.type);
  const count = types.findMember(perCpu ?? stat.type, "count");
  if (count === undefined) return undefined;
  return { offset: stat.offset, first: count.offset, step: perCpu === undefined ? longSize : types.sizeOf(perCpu) };
}

const longSize = 8;
