import { existsSync, readFileSync } from "node:fs";
import { kthreaddPid } from "#domain/units.ts";

const comm = `/proc/${kthreaddPid}/comm`;

/** Why a test of a thread of the kernel cannot run here, or false: a pid namespace of its own, as in a container, has none. */
export const lacksKernelThreads =
  existsSync(comm) && readFileSync(comm, "latin1") === "kthreadd\n"
    ? false
    : "threads of the kernel are not seen in this pid namespace";
