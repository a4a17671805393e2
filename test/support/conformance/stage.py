"""Starts processes of a wished shape, for a kernel to judge.

Each line of stdin is one request in JSON, each line of stdout its answer:
  {"start": {...}}  ->  {"pid": N, "twins": [N...], "sharer": N or null}
  {"seize": N}      ->  {"seized": N}: a child will stop at its end, with its memory, until it is buried
  {"bury": N}       ->  {"status": N}: waits for the end of a child that was killed, and reaps it

Whoever was started dies with this stage, the stage with its starter, and everybody after two minutes at the latest.
All that a child does costs memory of its own cgroup: it joins before it fills anything, and nothing is collected after.
"""

import ctypes
import gc
import json
import mmap
import os
import platform
import signal
import sys
import tempfile
import threading
import time

KIB = 1024
PAGE = mmap.PAGESIZE
PR_SET_PDEATHSIG = 1
CLONE_VM = 0x100
CLONE_VFORK = 0x4000
MAP_NORESERVE = 0x4000
MADV_PAGEOUT = 21
PTRACE_CONT, PTRACE_SEIZE, PTRACE_O_TRACEEXIT = 7, 0x4206, 0x40
SYS_EXIT = {"x86_64": 60, "aarch64": 93}
LONGEST_SECONDS = 120
MOST_KIB = 256 * 1024
GROWTH_STEPS = 64
STACK = 256 * KIB

libc = ctypes.CDLL(None, use_errno=True)
held = []


def die_with_parent(parent):
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    signal.alarm(LONGEST_SECONDS)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def touch(area, size, step=PAGE):
    for offset in range(0, size, step):
        area[offset] = 1
    held.append(area)


def private(size, flags=0):
    area = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | flags)
    area.madvise(mmap.MADV_NOHUGEPAGE)
    return area


def fill(wish):
    """All kinds of memory an mm is counted by."""
    anon = wish.get("anonKiB", 0) * KIB
    if anon > 0:
        area = private(anon)
        noise = wish.get("noiseBytes", 0)
        for offset in range(0, anon if noise else 0, PAGE):
            area[offset : offset + noise] = os.urandom(noise)
        touch(area, anon)
        if wish.get("isPagedOut"):
            area.madvise(MADV_PAGEOUT)
    shmem = wish.get("shmemKiB", 0) * KIB
    if shmem > 0:
        touch(mmap.mmap(-1, shmem), shmem)
    file_size = wish.get("fileKiB", 0) * KIB
    if file_size > 0:
        with tempfile.TemporaryFile() as file:
            file.truncate(file_size)
            touch(mmap.mmap(file.fileno(), file_size), file_size)
    tables = wish.get("pageTables", 0)
    if tables > 0:
        # One page in each 2 MiB: a page table of its own for every page.
        span = 512 * PAGE
        touch(private(tables * span, MAP_NORESERVE), tables * span, span)


def clone_sleeper(flags):
    """Another process, which only sleeps, on a stack of its own in this memory."""
    stack = private(STACK)
    held.append(stack)
    top = ctypes.addressof(ctypes.c_char.from_buffer(stack)) + STACK
    entry = ctypes.cast(libc.sleep, ctypes.c_void_p)
    pid = libc.clone(entry, ctypes.c_void_p(top), flags | signal.SIGCHLD, ctypes.c_void_p(LONGEST_SECONDS))
    if pid < 0:
        raise OSError(ctypes.get_errno(), "clone")
    return pid


def fork_twin(go):
    """Twins do exactly the same, so that nothing but their order tells them apart."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        die_with_parent(parent)
        os.read(go, 1)
        signal.pause()
    return pid


def act(wish, reply):
    for cgroup in wish.get("cgroups", []):
        write(f"{cgroup}/cgroup.procs", str(os.getpid()))
    write("/proc/self/oom_score_adj", str(wish.get("oomScoreAdj", 0)))
    write("/proc/self/comm", wish.get("name", "actor"))
    if "uid" in wish:
        os.setresuid(wish["uid"], wish["uid"], wish["uid"])
        # It is cleared where a process changes its user.
        die_with_parent(os.getppid())
    fill(wish)
    go, release = os.pipe()
    twins = [fork_twin(go) for _ in range(wish.get("twins", 0))]
    sharer = clone_sleeper(CLONE_VM) if wish.get("sharesMemory") else None
    for _ in range(wish.get("threads", 1) - 1):
        threading.Thread(target=signal.sigwait, args=([signal.SIGUSR1],), daemon=True).start()
    os.write(reply, json.dumps({"pid": os.getpid(), "twins": twins, "sharer": sharer}).encode() + b"\n")
    os.close(reply)
    if wish.get("vforks"):
        # It gets no further before its child ends or executes a program: neither happens.
        clone_sleeper(CLONE_VM | CLONE_VFORK)
    growth = min(wish.get("growthKiB", 0), MOST_KIB) * KIB
    steps = GROWTH_STEPS if wish.get("growthSeconds", 0) > 0 else 1
    for _ in range(steps if growth > 0 else 0):
        time.sleep(wish.get("growthSeconds", 0) / steps)
        touch(private(growth // steps), growth // steps)
    if wish.get("leaderExits"):
        libc.syscall(SYS_EXIT[platform.machine()], 0)
    held.append((go, release))
    while True:
        signal.pause()


def start(wish):
    if sum(wish.get(kind, 0) for kind in ("anonKiB", "shmemKiB", "fileKiB")) > MOST_KIB:
        raise ValueError(f"at most {MOST_KIB} KiB for each")
    read_end, write_end = os.pipe()
    stage = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(read_end)
            die_with_parent(stage)
            act(wish, write_end)
        except BaseException as error:
            print(f"actor: {error!r}", file=sys.stderr, flush=True)
        os._exit(1)
    os.close(write_end)
    with os.fdopen(read_end) as answers:
        line = answers.readline()
    if line == "":
        raise RuntimeError(f"actor {pid} ended before it was ready")
    return json.loads(line)


def trace(request, pid, data):
    if libc.ptrace(request, pid, None, ctypes.c_void_p(data)) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def seize(pid):
    trace(PTRACE_SEIZE, pid, PTRACE_O_TRACEEXIT)
    return {"seized": pid}


def bury(pid):
    status = os.waitpid(pid, 0)[1]
    while os.WIFSTOPPED(status):
        trace(PTRACE_CONT, pid, 0)
        status = os.waitpid(pid, 0)[1]
    return {"status": status}


def do(request):
    if "start" in request:
        return start(request["start"])
    return seize(request["seize"]) if "seize" in request else bury(request["bury"])


def main():
    die_with_parent(os.getppid())
    signal.alarm(0)
    gc.disable()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = do(request)
        except (OSError, RuntimeError, ValueError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


main()
