import { type Identity, type IdentityKey, identityKey } from "#domain/identity.ts";
import type { ProcessTraits } from "#domain/process.ts";
import type { CgroupPath } from "#domain/units.ts";
import { parseCgroup } from "#procfs/cgroup.ts";
import { parseCmdline } from "#procfs/cmdline.ts";
import { failureOf, isDenied } from "./failure.ts";
import type { ProcessFiles } from "./process-files.ts";

/** Traits by identity, as they were at the last calm look. */
export interface TraitsCache {
  /** `mayHang`: the look has time for reads that wait for a lock of the process. */
  traitsOf(process: Seen, mayHang: boolean): ProcessTraits;
  /** Forgets all processes that were not asked about since the last time. */
  forgetUnseen(): void;
}

/** A process as `stat` shows it. */
export interface Seen {
  readonly identity: Identity;
  readonly comm: string;
}

interface Entry {
  /** A program that is executed anew keeps pid and start time, but not its name, executable and arguments. */
  readonly comm: string;
  readonly traits: ProcessTraits;
}

/** A cache that knows nobody yet. */
export function makeTraitsCache(files: ProcessFiles): TraitsCache {
  let remembered = new Map<IdentityKey, Entry>();
  let seen = new Map<IdentityKey, Entry>();

  const readTraits = ({ identity }: Seen, mayHang: boolean): ProcessTraits => ({
    exe: files.readExe(identity.pid),
    cgroup: readCgroup(files, identity),
    cmdline: mayHang ? readCmdline(files, identity) : undefined,
  });

  // In calm all is read anew: a program may execute another of the same name, and systemd moves a process after its start.
  const currentTraits = (process: Seen, mayHang: boolean): ProcessTraits => {
    const entry = remembered.get(identityKey(process.identity));
    return mayHang || entry?.comm !== process.comm ? readTraits(process, mayHang) : entry.traits;
  };

  return {
    traitsOf(process, mayHang) {
      const traits = currentTraits(process, mayHang);
      seen.set(identityKey(process.identity), { comm: process.comm, traits });
      return traits;
    },
    forgetUnseen() {
      remembered = seen;
      seen = new Map();
    },
  };
}

const readCgroup = (files: ProcessFiles, { pid }: Identity): CgroupPath | undefined =>
  unlessDenied(() => files.read(pid, "cgroup", parseCgroup));

/** fs/proc/base.c: get_mm_cmdline() takes mmap_lock, which a victim in trouble may hold for long. */
const readCmdline = (files: ProcessFiles, { pid }: Identity): string | undefined =>
  unlessDenied(() => files.read(pid, "cmdline", parseCmdline));

function unlessDenied<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isDenied(failureOf(error, "a trait"))) return undefined;
    throw error;
  }
}
