import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import type { Giver, GiverMeans } from "#domain/giver.ts";
import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import { type KiB, kibToBytes } from "#domain/units.ts";
import { effectiveUid } from "#native-bindings/process-ids.ts";
import { type Errand, errandLines } from "./errand.ts";
import { failureOf } from "./failure.ts";
import { objectionToProgram } from "./hook-program.ts";
import { findUser, type User } from "./user-table.ts";

/** What a shell does for a giver, once it is told to. */
export interface GiverWork {
  readonly script: string;
  /** `$1` and so on: they are never understood as a part of the script. */
  readonly words: readonly string[];
  /** Undefined: as ourselves. */
  readonly user: User | undefined;
  /** Runs somebody else's program, which deserves none of our protection. */
  readonly isForeign: boolean;
  /** What sets it going, but for the end of its last line. */
  readonly tell: (errand: Errand) => string;
}

type MeansOf<K extends GiverMeans["kind"]> = Extract<GiverMeans, { kind: K }>;

/** At the end of the pipe, which is ours, there is nothing to be done any more. */
const writeScript = 'read -r content <&3 || exit 0; exec 3<&-; echo "$content" >"$1"';
/** No text of a stranger is ever read as a part of the script: a variable has its value to the end of its line, as it is. */
const runScript = [
  'while IFS= read -r variable <&3 && [ -n "$variable" ]; do export "$variable"; done',
  "exec 3<&-",
  '[ -n "$TIDEMARK_ALARM" ] || exit 0',
  'exec "$@"',
].join("; ");

/** Works out how a giver is to be asked on this machine; below another root there is a tree of its files. @throws SystemError */
export function planWork({ means }: Giver, root = ""): GiverWork {
  switch (means.kind) {
    case "hook":
      return planHook(means);
    case "program":
      return planHook({ ...means, user: undefined });
    case "reclaim":
      return planReclaim(means, root);
    case "drop-caches":
      return planWrite(`${root}/proc/sys/vm/drop_caches`, () => String(means.level));
  }
}

/** Why a giver could not be asked on this machine, as things are now. */
export function objectionToGiver(giver: Giver): SystemFailure | undefined {
  try {
    planWork(giver);
    return undefined;
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
}

function planHook({ run, user: name }: Pick<MeansOf<"hook">, "run" | "user">): GiverWork {
  const user = name === undefined ? undefined : requireUser(name);
  const objection = objectionToProgram(run[0], user ?? { uid: effectiveUid(), gid: 0 });
  if (objection !== undefined) throw new SystemError(objection);
  return {
    script: runScript,
    words: run,
    user,
    isForeign: true,
    tell: errandLines,
  };
}

function requireUser(name: string): User {
  const user = findUser(name);
  if (user !== undefined) return user;
  const advice = "Name a user of /etc/passwd; those of a directory service are not looked up";
  throw new SystemError({ call: "find user", errno: "ENOENT", subject: name, advice });
}

/** A sandbox may have made it read-only: that is to be known in calm. */
function planWrite(path: string, content: () => string): GiverWork {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    const { errno } = failureOf(error, path);
    throw new SystemError({ call: "write", errno, subject: path, advice: openUpAdvice });
  }
  return { script: writeScript, words: [path], user: undefined, isForeign: false, tell: content };
}

const openUpAdvice =
  "Run as root; as a service, set ProtectControlGroups=no (reclaim) or ProtectKernelTunables=no (caches)";

/** Where cgroup v2 is mounted: alone, or beside v1. */
const unifiedMounts = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];
const v1Mount = "/sys/fs/cgroup/memory";

/**
 * cgroup v1 has no memory.reclaim. Its memory.force_empty takes all that can be taken, so that it can only be asked for all;
 * its soft limits bring nothing by themselves, and a lowered hard limit would kill in the memcg and outlive us in a crash.
 * @see v6.12 mm/memcontrol-v1.c: mem_cgroup_force_empty
 */
function planReclaim({ cgroup, amount }: MeansOf<"reclaim">, root: string): GiverWork {
  const v2 = unifiedMounts
    .map((mount) => `${root}${mount}${cgroup}`)
    .find((path) => existsSync(`${path}/memory.reclaim`));
  if (v2 !== undefined) {
    requireKnownAmount(v2, amount);
    return planWrite(`${v2}/memory.reclaim`, () => reclaimAmount(v2, amount));
  }
  const v1 = `${root}${v1Mount}${cgroup}/memory.force_empty`;
  if (existsSync(v1) && amount === "all") return planWrite(v1, () => "0");
  throw new SystemError({
    call: "reclaim",
    errno: existsSync(v1) ? "EOPNOTSUPP" : "ENOENT",
    subject: cgroup,
    advice: existsSync(v1)
      ? 'Write amount = "all": cgroup v1 has memory.force_empty, which knows no amount'
      : "Name a cgroup that is there while calm, on Linux 5.19 or later, by its path in the hierarchy of memory",
  });
}

/** The root of the hierarchy does not tell what it holds. @see v6.12 mm/memcontrol.c: memory_files, CFTYPE_NOT_ON_ROOT */
function requireKnownAmount(path: string, amount: KiB | "all"): void {
  if (amount !== "all" || existsSync(`${path}/memory.current`)) return;
  const advice = "Write an amount, or name a cgroup below the root: the root does not say how much all is";
  throw new SystemError({ call: "read", errno: "ENOENT", subject: `${path}/memory.current`, advice });
}

/** All is what it holds now: a plain counter, read without a lock. */
const reclaimAmount = (path: string, amount: KiB | "all"): string =>
  amount === "all" ? readFileSync(`${path}/memory.current`, "utf8").trim() : String(kibToBytes(amount));
