"""A fork storm that cannot hurt: it starts copies of itself, each with a little memory, and is over in ten seconds.

Usage: storm.py CGROUP_FOLDER UID
"""
import ctypes
import os
import resource
import signal
import sys
import time

most, per_second, size, seconds = 120, 40, 4 << 20, 10

# Whoever is left ends by the clock, and the kernel starts no more than that for this user.
deadline = time.monotonic() + seconds


def die_in_time():
    signal.setitimer(signal.ITIMER_REAL, max(0.001, deadline - time.monotonic()))


folder, uid = sys.argv[1], int(sys.argv[2])
with open(os.path.join(folder, "cgroup.procs"), "w") as procs:
    procs.write(str(os.getpid()))
with open("/proc/self/oom_score_adj", "w") as adj:
    adj.write("1000")
resource.setrlimit(resource.RLIMIT_NPROC, (most + 80, most + 80))
os.setgid(uid)
os.setuid(uid)
die_in_time()
for _ in range(most):
    # What it forks has nobody to wait for it: an orphan is the kernel's own to bury.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if os.fork() == 0:
        die_in_time()
        held = ctypes.create_string_buffer(size)
        ctypes.memset(held, 1, size)
        signal.pause()
    time.sleep(1 / per_second)
signal.pause()
