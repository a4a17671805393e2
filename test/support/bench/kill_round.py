"""A hog, and an independent observer of its end. The parent process watches, its child is the hog.

Argument: JSON {"size_mib", "left_mib", "beyond_mib", "uid", "limit_s", "once_loose"}. The hog fills all of its size but
left_mib, in its own time. Lines of stdout, times in nanoseconds of CLOCK_MONOTONIC:
  {"pid", "available_kib"}   it is filled so far, and this much is available then
Lines of stdin:
  go THRESHOLD_KIB BASE      it does what "once_loose" says. grow: it grows on as fast as it can, up to beyond_mib more
                             than its size. spin: it is busy. starve: it is busy as SCHED_IDLE
  {"crossed", "signalled", "exited", "back", ...}   what was seen, null if it was not within the limit

BASE is "absolute", or "user": then the threshold is to user memory (MemAvailable and AnonPages) what it says to MemTotal.
crossed: MemAvailable was below the threshold. signalled: a fatal signal is pending for the hog, or it has PF_EXITING
(kernel/signal.c: complete_signal makes every fatal signal a pending SIGKILL at once). exited: it waits for its parent. back: AnonPages has fallen by nine tenths of what the hog held.
The hog offers itself to every OOM killer, and ends with its parent, or after limit_s.
"""

import json
import mmap
import os
import signal
import sys
import time

MIB = 1 << 20
PF_EXITING = 0x4
PENDING_SIGKILL = 1 << 8
PERIOD_S = 0.0005
MADV_POPULATE_WRITE = 23
STEP = MIB


def write_to(path, text):
    with open(path, "w") as file:
        file.write(text)


def fill(memory, begin, end):
    for at in range(begin, end, STEP):
        try:
            memory.madvise(MADV_POPULATE_WRITE, at, STEP)
        except OSError:  # before Linux 5.14
            for page in range(at, at + STEP, mmap.PAGESIZE):
                memory[page] = 1


def be_hog(wish, filled, go):
    write_to("/proc/self/oom_score_adj", "1000")
    write_to("/proc/self/comm", "bench-hog")
    os.setgroups([])
    os.setgid(wish["uid"])
    os.setuid(wish["uid"])
    signal.alarm(wish["limit_s"] + 60)
    size = wish["size_mib"] * MIB
    before = size - wish["left_mib"] * MIB
    memory = mmap.mmap(-1, size + wish["beyond_mib"] * MIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    fill(memory, 0, before)
    os.write(filled, b"f")
    if os.read(go, 1) == b"":
        os._exit(0)
    if wish["once_loose"] == "starve":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    if wish["once_loose"] != "grow":
        while True:
            pass
    fill(memory, before, size + wish["beyond_mib"] * MIB)
    os.read(go, 1)
    os._exit(0)


def number_after(text, name):
    at = text.index(name) + len(name)
    return int(text[at : text.index(b"k", at)])


def read_meminfo(fd):
    text = os.pread(fd, 4096, 0)
    return number_after(text, b"MemAvailable:"), number_after(text, b"AnonPages:")


def resident_kib(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * mmap.PAGESIZE // 1024


def read_end(fd):
    """Whether its end has been ordered, and whether it has come. fs/proc/array.c: do_task_stat"""
    rest = os.pread(fd, 1024, 0).rpartition(b")")[2].split()
    state, flags, pending = rest[0], int(rest[6]), int(rest[28])
    return bool(flags & PF_EXITING or pending & PENDING_SIGKILL), state in (b"Z", b"X")


def observe(pid, wanted, base, limit_s):
    meminfo = os.open("/proc/meminfo", os.O_RDONLY)
    total = number_after(os.pread(meminfo, 4096, 0), b"MemTotal:")
    stat = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
    began = time.monotonic_ns()
    seen = dict.fromkeys(("crossed", "signalled", "exited", "back"))
    started, most, held, history = began, 0, resident_kib(pid), []
    past = speed = None
    before, blind = began, 0
    while seen["back"] is None or seen["exited"] is None:
        now = time.monotonic_ns()
        if now - began > limit_s * 1e9:
            break
        blind = now - before if seen["crossed"] is None else max(blind, now - before)
        before = now
        available, anonymous = read_meminfo(meminfo)
        threshold = wanted if base == "absolute" else wanted * (available + anonymous) // total
        signalled, exited = read_end(stat)
        if seen["crossed"] is None:
            history.append((now, available))
            if available < threshold:
                seen["crossed"] = now
                earlier = next(sample for sample in history if now - sample[0] <= 100_000_000)
                if now > earlier[0]:
                    speed = (earlier[1] - available) / 1024 / ((now - earlier[0]) / 1e9)
        if signalled and seen["signalled"] is None:
            seen["signalled"] = now
            past = threshold - available
        if seen["signalled"] is None:
            most = max(most, anonymous)
            held = max(held, resident_kib(pid))
        if exited and seen["exited"] is None:
            seen["exited"] = now
        # Who is frozen gives its memory back to a reaper before it can exit.
        if seen["back"] is None and most - anonymous >= held * 0.9:
            seen["back"] = now
        time.sleep(PERIOD_S)
    return {**seen, "held_kib": held, "past_kib": past, "mib_per_s": speed, "blind_ns": blind}


def leave(_signal, _frame):
    sys.exit(1)


def main():
    wish = json.loads(sys.argv[1])
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    filled, fill_end = os.pipe()
    go_begin, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.close(filled)
        os.close(go)
        be_hog(wish, fill_end, go_begin)
    try:
        os.close(fill_end)
        os.close(go_begin)
        if os.read(filled, 1) != b"f":
            raise SystemExit("Cannot observe: the hog has ended before it was filled")
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except PermissionError:
            pass
        with open("/proc/meminfo", "rb") as file:
            available = number_after(file.read(), b"MemAvailable:")
        print(json.dumps({"pid": pid, "available_kib": available}), flush=True)
        line = sys.stdin.readline().split()
        if len(line) == 3:
            try:
                os.write(go, b"g")
            except BrokenPipeError:  # it was killed before: somebody else took as much memory
                pass
            print(json.dumps(observe(pid, int(line[1]), line[2], wish["limit_s"])), flush=True)
    finally:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(pid, 0)


main()
