import { type Pid, pid } from "#domain/units.ts";
import { errnoName, refusal } from "./errno.ts";
import { environmentTexts, type ProgramStart } from "./exec.ts";
import type { Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";

/** posix_spawn_file_actions_t is 80 bytes with glibc and with musl, on x86-64 and arm64. */
const actionsSize = 80;

type Texts = readonly (string | null)[];
type Spawn = (
  ...given: readonly [
    pid: Int32Array,
    path: string,
    actions: Uint8Array,
    attributes: null,
    words: Texts,
    environment: Texts,
  ]
) => number;

const spawn = declare<Spawn>(
  "int posix_spawn(void *pid, const char *path, void *actions, void *attributes, const char **words, const char **environment)",
);
const initActions = declare<(actions: Uint8Array) => number>("int posix_spawn_file_actions_init(void *actions)");
const destroyActions = declare<(actions: Uint8Array) => number>("int posix_spawn_file_actions_destroy(void *actions)");
const addDup2 = declare<(actions: Uint8Array, fd: number, as: number) => number>(
  "int posix_spawn_file_actions_adddup2(void *actions, int fd, int as)",
);
const waitpid = declare<(pid: number, status: Int32Array, options: number) => number>(
  "int waitpid(int pid, void *status, int options)",
);

/** A program, and which descriptors it finds as 0, 1, 2 and so on. */
export interface ChildStart extends ProgramStart {
  readonly descriptors: readonly Fd[];
}

/**
 * Starts a program as a child of ours, without node:child_process, which takes 1 MiB for good. The caller waits until the kernel has
 * found the program: for calm times only.
 * @throws SystemError
 */
export function startProgram({ path, words, environment, descriptors }: ChildStart): Pid {
  const started = new Int32Array(1);
  // Outside of V8's heap, where nothing moves it: the C library keeps pointers in it.
  const actions = new Uint8Array(new ArrayBuffer(actionsSize));
  initActions()(actions);
  try {
    for (const [as, fd] of descriptors.entries()) addDup2()(actions, fd, as);
    const refused = spawn()(started, path, actions, null, [...words, null], environmentTexts(environment));
    if (refused !== 0) throw refusal("posix_spawn", refused, path);
    return pid(started[0] ?? 0);
  } finally {
    destroyActions()(actions);
  }
}

/** wait(2): WNOHANG */
const withoutWaiting = 1;

/** How a child ended. @see wait(2) */
export type ChildEnding =
  | { readonly kind: "exited"; readonly status: number }
  | { readonly kind: "signalled"; readonly signal: number };

/** Takes a child's ending, once; undefined while it runs. From then on its pid may be another's. @throws SystemError */
export function takeEnding(child: Pid): ChildEnding | undefined {
  const status = new Int32Array(1);
  const answer = waitpid()(child, status, withoutWaiting);
  if (answer === 0) return undefined;
  if (answer < 0) {
    const errno = lastErrno();
    if (errnoName(errno) === "EINTR") return undefined;
    throw refusal("waitpid", errno, `pid ${child}`);
  }
  const word = status[0] ?? 0;
  const signal = word & 0x7f;
  return signal === 0 ? { kind: "exited", status: (word >> 8) & 0xff } : { kind: "signalled", signal };
}
