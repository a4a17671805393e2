/** What a system call refused, as data: enough to say what was tried, on what, and what to do about it. */
export interface SystemFailure {
  /** The system call or the file operation, as `man` names it. */
  readonly call: string;
  /** The symbolic name: `EPERM`, not a number. */
  readonly errno: string;
  /** What the call was about: a path, a pid, a cgroup. */
  readonly subject: string;
  /** What the operator can do about it. */
  readonly advice: string;
}

/** A {@link SystemFailure} on its way to whoever can treat it. */
export class SystemError extends Error implements SystemFailure {
  readonly call: string;
  readonly errno: string;
  readonly subject: string;
  readonly advice: string;

  constructor(failure: SystemFailure, options?: ErrorOptions) {
    super(describeFailure(failure), options);
    this.name = "SystemError";
    this.call = failure.call;
    this.errno = failure.errno;
    this.subject = failure.subject;
    this.advice = failure.advice;
  }
}

/** One line: what was attempted, the state found, what to do. */
export const describeFailure = ({ call, errno, subject, advice }: SystemFailure): string =>
  `Cannot ${call} ${subject}: ${errno}; ${advice}`;

/** The symbolic name of what a call of Node's answered: `ENOENT`. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : unknownCode;

const unknownCode = "unknown error";

/** Whether a call was refused by the system: Node's own complaints about arguments begin with `ERR_`. */
export const isRefusal = (error: unknown): boolean => /^E(?!RR_)[A-Z0-9]+$/.test(codeOf(error));
