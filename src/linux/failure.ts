import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import { adviceFor } from "#native-bindings/errno-advice.ts";
import { ParseError } from "#procfs/parse-error.ts";

/** Why something the kernel was asked for could not be had, as data. Anything else is a bug and is thrown on. */
export function failureOf(error: unknown, subject: string): SystemFailure {
  if (error instanceof SystemError) {
    const { call, errno, advice } = error;
    return { call, errno, subject, advice };
  }
  if (error instanceof ParseError) {
    // EBADMSG, "bad message", is the name the C library has for text that is not what it should be.
    return { call: "parse", errno: "EBADMSG", subject, advice: `Report this as a bug of tidemark: ${error.message}` };
  }
  if (isNodeError(error)) {
    const { code, syscall } = error;
    return { call: syscall, errno: code, subject, advice: adviceFor(syscall, code) };
  }
  throw error;
}

/** Drops a failure on purpose. A bug is thrown on. */
export function ignore(error: unknown, why: string): undefined {
  failureOf(error, why);
}

interface NodeError extends Error {
  readonly code: string;
  readonly syscall: string;
}

const isNodeError = (error: unknown): error is NodeError =>
  error instanceof Error && "code" in error && "syscall" in error;

/** The process, or the part of it that was asked for, is no longer there. */
export const isGone = ({ errno }: SystemFailure): boolean => errno === "ENOENT" || errno === "ESRCH";

/** It is there, but not for us: hidepid, a security module, or no privilege. */
export const isDenied = ({ errno }: SystemFailure): boolean => errno === "EACCES" || errno === "EPERM";

/** A path longer than a page, which no call returns: whoever hides in deep directories is still there. */
export const isUntellable = ({ errno }: SystemFailure): boolean => errno === "ENAMETOOLONG";

/** We, or the machine, have as many files open as may be. */
export const lacksDescriptors = ({ errno }: SystemFailure): boolean => errno === "EMFILE" || errno === "ENFILE";

/** No such file, or one whose device, module or cgroup went while it was open: it has nothing to tell any more. */
export const isAbsent = ({ errno }: SystemFailure): boolean => ["ENOENT", "ENOTDIR", "ENODEV", "ENXIO"].includes(errno);

/** Node's name for it, and that of the C library. */
export const isUnsupported = ({ errno }: SystemFailure): boolean => errno === "ENOTSUP" || errno === "EOPNOTSUPP";
