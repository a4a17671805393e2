"""Starts processes that sleep, offers them to every OOM killer, and says when all are there.

Argument: how many. Prints "ready", and ends them when stdin is closed: they wait for the end of a pipe that only this
process can write to, so that none outlives it.
"""

import os
import sys


def main():
    count = int(sys.argv[1])
    wait, held = os.pipe()
    for _ in range(count):
        if os.fork() == 0:
            os.close(held)
            os.close(0)
            with open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")
            os.read(wait, 1)
            os._exit(0)
    print("ready", flush=True)
    sys.stdin.read()
    os.close(held)
    for _ in range(count):
        os.wait()


main()
