"""Brings pidfd_open to refuse, and ends with the errno it refuses with as its status; 0: it never did.

  pidfd_open.py EMFILE          with no descriptor left to this process
  pidfd_open.py ENOMEM MEMCG    in a memcg of v1 that may not take one page more, and whose killer is off
"""

import ctypes
import os
import resource
import sys

SYS_PIDFD_OPEN = 434
MOST = 8192
WARM = 512

libc = ctypes.CDLL(None, use_errno=True)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def first_refusal(pid, most):
    """What is opened stays open: it is the number and the memory of descriptors that is wanted."""
    for _ in range(most):
        if libc.syscall(SYS_PIDFD_OPEN, pid, 0) < 0:
            return ctypes.get_errno()
    return 0


def run_out_of_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    return first_refusal(os.getpid(), MOST)


def run_out_of_memory(memcg):
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST, MOST))
    write(f"{memcg}/cgroup.procs", str(os.getpid()))
    me = os.getpid()
    # A page that is first touched at the limit would be waited for: all of this is done once before.
    first_refusal(me, WARM)
    first_refusal(-1, 1)
    write(f"{memcg}/memory.oom_control", "1")
    with open(f"{memcg}/memory.usage_in_bytes", encoding="ascii") as file:
        usage = file.read()
    write(f"{memcg}/memory.limit_in_bytes", usage)
    return first_refusal(me, MOST - 2 * WARM)


os._exit(run_out_of_descriptors() if sys.argv[1] == "EMFILE" else run_out_of_memory(sys.argv[2]))
