/** What an operator can do about an errno, whichever call gave it. */
const byErrno: Readonly<Record<string, string>> = {
  EACCES: "Run as root, or grant read access; hidepid on /proc and security modules take it away",
  EAFNOSUPPORT: "An address of a kind that is not spoken here; use a path or a name that begins with @",
  EAGAIN: "A resource was busy; the call is tried again",
  EBADF: "A descriptor was closed too early; report this as a bug of tidemark",
  EBUSY: "Something else holds the resource; end it or wait",
  ECONNREFUSED: "Nobody listens at the socket; see whether its owner is still there",
  EFAULT: "A buffer was wrong; report this as a bug of tidemark",
  EINTR: "A signal interrupted the call; it is tried again",
  EINVAL: "The kernel does not accept the request; compare its release with the requirements",
  EIO: "The device behind the file failed; look at the kernel log",
  EISDIR: "A directory stands where a file is wanted; check the root path",
  EMFILE: "Raise the limit of open files (LimitNOFILE)",
  ENFILE: "Raise fs.file-max: the machine is out of open files",
  ENODEV: "The kernel lacks the feature; compare its configuration with the requirements",
  ENOENT: "The kernel does not offer this file; compare its release and configuration with the requirements",
  ENOMEM: "The kernel has no memory for the call; it is tried again at the next look",
  ENOSYS: "The kernel is too old or a filter hides the call; upgrade it or loosen SystemCallFilter",
  ENOTDIR: "A file stands where a directory is wanted; check the root path",
  ETIMEDOUT: "The process holds its memory locked; what could not be read counts as unknown until it answers",
  EOPNOTSUPP: "The feature is switched off; check the boot parameters",
  EPERM: "Run as root, or grant the capability the call needs",
  ESRCH: "The process has left; nothing is to be done",
};

const leaveV8Unlocked = "Let tidemark change what its dynamic linker wrote, or live without locking V8's own memory";
const lockMore = "Raise the limit of locked memory (LimitMEMLOCK), or grant CAP_IPC_LOCK";

/** What is known better for one call; it goes before the general table. */
const byCall: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bpf: { EPERM: "Run as root, or grant CAP_BPF and CAP_PERFMON; kernel lockdown takes them away" },
  kcmp: { EPERM: "Grant CAP_SYS_PTRACE, so that processes sharing one memory are found" },
  kill: { EPERM: "Grant CAP_KILL, or run as root" },
  memfd_create: { EACCES: "Set vm.memfd_noexec below 2, or live without reaping at once" },
  mlock2: { ENOMEM: lockMore, EPERM: lockMore },
  mlockall: { ENOMEM: lockMore, EPERM: lockMore },
  mmap: {
    EAGAIN: lockMore,
    EACCES: "Let tidemark map executable memory, or live without reaping at once",
    EPERM: "Let tidemark map executable memory, or live without reaping at once",
  },
  mprotect: { EACCES: leaveV8Unlocked, EPERM: leaveV8Unlocked },
  open: {
    EOPNOTSUPP: "The feature is switched off; for pressure, boot with psi=1",
    EPERM: "Grant CAP_SYS_RESOURCE: kernels before 6.3 ask for it where pressure triggers are set",
  },
  pidfd_open: { EINVAL: "The pid is not a process but a thread of one" },
  pidfd_send_signal: { EPERM: "Grant CAP_KILL, or run as root" },
  pread: { EOPNOTSUPP: "The feature is switched off; for pressure, boot with psi=1" },
  process_mrelease: {
    EAGAIN: "The memory could not be reaped now; it is tried again",
    EINVAL: "The victim is not dying, or shares its memory with a process that is not",
  },
  sched_setscheduler: { EPERM: "Grant CAP_SYS_NICE, or set LimitRTPRIO" },
  setpriority: { EACCES: "Grant CAP_SYS_NICE, or set LimitNICE", EPERM: "Grant CAP_SYS_NICE, or set LimitNICE" },
  setxattr: {
    EOPNOTSUPP: "Cgroups have user. attributes since Linux 5.7; nothing but the count of kills is missing",
    EPERM: "trusted. attributes take CAP_SYS_ADMIN; nothing but the count of kills is missing",
  },
  spawn: {
    EAGAIN: "Raise TasksMax and LimitNPROC",
    EPERM: "Grant CAP_SETUID and CAP_SETGID, or leave out the user of the giver",
  },
  uv_queue_work: { EAGAIN: "No thread was to be had; what is urgent is done without one, and the rest is tried again" },
  write: {
    EACCES: "Grant CAP_SYS_RESOURCE, or set OOMScoreAdjust in the unit: it can only be raised otherwise",
    EAGAIN: "Others asked the kernel for the same again and again; restart the daemon when they have ended",
  },
};

const unknownAdvice = "Look the error up in the manual page of the call, and report it";

/** The one table of advice: for a call if it has its own, else for the errno. */
export const adviceFor = (call: string, errno: string): string =>
  byCall[call]?.[errno] ?? byErrno[errno] ?? unknownAdvice;
