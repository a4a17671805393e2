import { readFileSync, readlinkSync } from "node:fs";
import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import { openIteratorLink } from "#native-bindings/bpf.ts";
import type { Fd } from "#native-bindings/file.ts";
import { parseBtf } from "#procfs/btf.ts";
import { parseNodeList } from "#procfs/node-list.ts";
import { writeCensus } from "./census-program.ts";
import { failureOf } from "./failure.ts";

const processorsPath = "/sys/devices/system/cpu/present";
const typesPath = "/sys/kernel/btf/vmlinux";
/** include/linux/proc_ns.h: PROC_PID_INIT_INO; in any other namespace processes have other numbers than the kernel's own. */
const firstPidNamespace = "pid:[4026531836]";

/** What a census is taken with. */
export interface CensusSource {
  readonly link: Fd;
  /** How many processors this machine has: each of them may keep a part of the kernel's counters to itself. */
  readonly processors: number;
}

/** A census that can be taken, or why there is none here. */
export type OpenedCensus =
  | { readonly kind: "open"; readonly source: CensusSource }
  | { readonly kind: "refused"; readonly failure: SystemFailure };

/**
 * Has the kernel count processes for us. It takes 50 ms and the 6 MiB of the kernel's types: for whoever has both to spare, and
 * hands over what it opened.
 */
export function openCensus(): OpenedCensus {
  try {
    const lacks = (subject: string, advice: string): OpenedCensus => ({
      kind: "refused",
      failure: { call: "bpf", errno: "EOPNOTSUPP", subject, advice },
    });
    if (readlinkSync("/proc/self/ns/pid") !== firstPidNamespace)
      return lacks("processes of this pid namespace", "Nothing is to be done: the kernel numbers them otherwise");
    const program = writeCensus(parseBtf(readFileSync(typesPath)));
    if (program === undefined)
      return lacks(typesPath, "Report this with the release of the kernel: its types are not as they are known");
    const processors = countProcessors();
    return { kind: "open", source: { link: openIteratorLink({ name: "tidemark_census", ...program }), processors } };
  } catch (error) {
    const subject = error instanceof SystemError ? error.subject : "a census of processes";
    return { kind: "refused", failure: failureOf(error, subject) };
  }
}

const countProcessors = (): number =>
  parseNodeList(readFileSync(processorsPath)).reduce((count, { first, last }) => count + last - first + 1, 0);
