import { refusal } from "./errno.ts";
import type { Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";
import { callKernel } from "./syscall.ts";

/** asm-generic/fcntl.h */
const setDescriptorFlags = 2;
const closeOnExec = 1;

type Texts = readonly (string | null)[];

const execve = declare<(path: string, words: Texts, environment: Texts) => number>(
  "int execve(const char *path, const char **words, const char **environment)",
);

/** Says whether a descriptor is handed to the program that takes our place. @throws SystemError */
export function keepOnExec(fd: Fd, keeps: boolean): void {
  const result = callKernel("fcntl", [fd, setDescriptorFlags, keeps ? 0 : closeOnExec]);
  if ("errno" in result) throw refusal("fcntl", result.errno, `descriptor ${fd}`);
}

/** Takes over a descriptor that was left open for us, and leaves it to no one else. @throws SystemError when there is none */
export function adoptFd(n: number): Fd {
  const fd = n as Fd;
  keepOnExec(fd, false);
  return fd;
}

/** A program, and what it is started with. */
export interface ProgramStart {
  readonly path: string;
  /** The first is what it is called. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `NAME=value`, as execve(2) wants it. */
export const environmentTexts = (environment: ProgramStart["environment"]): Texts => [
  ...Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
  null,
];

/**
 * Puts another program in our place: same pid, same descriptors but those that are close-on-exec. Nothing of ours runs any more,
 * no exit handler and no thread. It comes back only to tell why it could not be done.
 * @throws SystemError
 */
export function replaceProcess({ path, words, environment }: ProgramStart): never {
  execve()(path, [...words, null], environmentTexts(environment));
  throw refusal("execve", lastErrno(), path);
}
