"""Prints what process_mrelease answers to a caller that is killed while it waits for the lock of a victim.

The victim walks over its memory with its mmap_lock held for writing (mlock), on a processor whose time somebody else has, and
is killed. The caller waits for that lock, is killed as well, and is stopped at its end by its tracer: there its registers still
hold what the call has come to, which the caller itself cannot live to see. x86-64 only, for the registers.
"""

import ctypes
import mmap
import os
import signal
import time

SYS_PIDFD_OPEN = 434
SYS_PROCESS_MRELEASE = 448
PR_SET_PDEATHSIG = 1
PTRACE_CONT, PTRACE_GETREGS, PTRACE_SEIZE, PTRACE_O_TRACEEXIT = 7, 12, 0x4206, 0x40
# sys/user.h: struct user_regs_struct
REGISTERS, RAX, ORIG_RAX = 27, 10, 15
SIZE = 256 * 1024 * 1024
LONGEST_SECONDS = 10
ATTEMPTS = 8
PATIENCE = 1.0

libc = ctypes.CDLL(None, use_errno=True)


def child(act):
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
        signal.alarm(LONGEST_SECONDS)
        try:
            act()
        finally:
            os._exit(1)
    return pid


def hold_lock(ready):
    area = mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    area.madvise(mmap.MADV_NOHUGEPAGE)
    for offset in range(0, SIZE, mmap.PAGESIZE):
        area[offset] = 1
    address = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(area)))
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    os.write(ready, b"!")
    while True:
        libc.mlock(address, ctypes.c_size_t(SIZE))
        libc.munlock(address, ctypes.c_size_t(SIZE))


def take_all_time():
    while True:
        pass


def release(gate, pidfd):
    os.read(gate, 1)
    libc.syscall(SYS_PROCESS_MRELEASE, pidfd, 0)


def waits_in_call(pid):
    with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
        return file.read().startswith(f"{SYS_PROCESS_MRELEASE} ")


def until_it_waits(pid):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if waits_in_call(pid):
            return


def answer_at_end(pid):
    """None: it did not die in the call."""
    _, status = os.waitpid(pid, 0)
    if not os.WIFSTOPPED(status):
        return None
    registers = (ctypes.c_long * REGISTERS)()
    libc.ptrace(PTRACE_GETREGS, pid, None, ctypes.byref(registers))
    libc.ptrace(PTRACE_CONT, pid, None, None)
    os.waitpid(pid, 0)
    return -registers[RAX] if registers[ORIG_RAX] == SYS_PROCESS_MRELEASE else None


def attempt(here, elsewhere):
    ready, is_ready = os.pipe()
    gate, opener = os.pipe()
    os.sched_setaffinity(0, {here})
    victim = child(lambda: hold_lock(is_ready))
    os.read(ready, 1)
    rival = child(take_all_time)
    os.sched_setaffinity(0, {elsewhere})
    pidfd = libc.syscall(SYS_PIDFD_OPEN, victim, 0)
    caller = child(lambda: release(gate, pidfd))
    libc.ptrace(PTRACE_SEIZE, caller, None, ctypes.c_void_p(PTRACE_O_TRACEEXIT))
    os.kill(victim, signal.SIGKILL)
    os.write(opener, b"!")
    until_it_waits(caller)
    os.kill(caller, signal.SIGKILL)
    answer = answer_at_end(caller)
    os.kill(rival, signal.SIGKILL)
    for pid in (rival, victim):
        os.waitpid(pid, 0)
    for fd in (ready, is_ready, gate, opener, pidfd):
        os.close(fd)
    return answer


def main():
    here, elsewhere = sorted(os.sched_getaffinity(0))[:2]
    for _ in range(ATTEMPTS):
        answer = attempt(here, elsewhere)
        # 0: the lock was free at that moment.
        if answer:
            print(answer)
            return
    print("the lock was never waited for")


main()
