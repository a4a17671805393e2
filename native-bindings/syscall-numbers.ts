/** Calls that are made by number: the C library has no wrapper of them, or only a recent one. */
export type SystemCallName =
  | "bpf"
  | "clock_gettime"
  | "fcntl"
  | "getdents64"
  | "getpid"
  | "kcmp"
  | "mlock2"
  | "mlockall"
  | "pidfd_open"
  | "pidfd_send_signal"
  | "ppoll"
  | "pread64"
  | "process_mrelease"
  | "read"
  | "sched_setscheduler"
  | "write";

/** The number of every call we make, on one architecture. */
export type SystemCallNumbers = Readonly<Record<SystemCallName, number>>;

/** By Node's name of the architecture. From asm/unistd_64.h (x64) and asm-generic/unistd.h (arm64), v6.12. */
export const syscallNumbers: Readonly<Record<string, SystemCallNumbers>> = {
  x64: {
    bpf: 321,
    clock_gettime: 228,
    fcntl: 72,
    getdents64: 217,
    getpid: 39,
    kcmp: 312,
    mlock2: 325,
    mlockall: 151,
    pidfd_open: 434,
    pidfd_send_signal: 424,
    ppoll: 271,
    pread64: 17,
    process_mrelease: 448,
    read: 0,
    sched_setscheduler: 144,
    write: 1,
  },
  arm64: {
    bpf: 280,
    clock_gettime: 113,
    fcntl: 25,
    getdents64: 61,
    getpid: 172,
    kcmp: 272,
    mlock2: 284,
    mlockall: 230,
    pidfd_open: 434,
    pidfd_send_signal: 424,
    ppoll: 73,
    pread64: 67,
    process_mrelease: 448,
    read: 63,
    sched_setscheduler: 119,
    write: 64,
  },
};
