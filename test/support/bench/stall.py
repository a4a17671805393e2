"""Stalls on memory when told to: processes read a file that is larger than their memcg, so that every read reclaims.

Each line of stdin is a word, and each line of stdout belongs to a stop; times are of CLOCK_MONOTONIC, in nanoseconds:
  go
  stop  ->  {"began": N, "reached": N or null}: when it began, and when PSI had counted THRESHOLD_US more since

Arguments: the folder of the memcg, the file, THRESHOLD_US. All die with their starter, and after ten minutes at the latest.
"""

import ctypes
import json
import os
import random
import select
import signal
import sys
import time

CHUNK = 64 * 1024
READERS = 8
PAUSE = 0.001
PR_SET_PDEATHSIG = 1
LONGEST_SECONDS = 600

cgroup, path, threshold = sys.argv[1], sys.argv[2], int(sys.argv[3])


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.alarm(LONGEST_SECONDS)


def read_on(file, size):
    """A process that never stops reading."""
    reader = os.fork()
    if reader != 0:
        return reader
    die_with_parent()
    offset = random.randrange(size // CHUNK) * CHUNK
    while True:
        os.pread(file, CHUNK, offset)
        offset = (offset + CHUNK) % size


def stalled(pressure):
    return int(os.pread(pressure, 256, 0).split(b"total=")[1].split()[0])


def stall(file, size, pressure):
    before = stalled(pressure)
    began = time.monotonic_ns()
    reached = None
    readers = [read_on(file, size) for _ in range(READERS)]
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        if reached is None and stalled(pressure) - before >= threshold:
            reached = time.monotonic_ns()
    for reader in readers:
        os.kill(reader, signal.SIGKILL)
        os.waitpid(reader, 0)
    return {"began": began, "reached": reached}


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def main():
    die_with_parent()
    write("/proc/self/oom_score_adj", "1000")
    write(f"{cgroup}/cgroup.procs", str(os.getpid()))
    pressure = os.open("/proc/pressure/memory", os.O_RDONLY)
    file = os.open(path, os.O_RDONLY)
    size = os.fstat(file).st_size
    # What wrote the file left it in the cache, charged to somebody else.
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    while sys.stdin.readline() == "go\n":
        told = stall(file, size, pressure)
        sys.stdin.readline()
        print(json.dumps(told), flush=True)


main()
