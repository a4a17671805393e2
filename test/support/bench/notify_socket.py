"""Listens as a service manager does: says when a READY=1 arrives, in nanoseconds of CLOCK_MONOTONIC.

Argument: the path of the socket. Prints "listening", then one number for every READY=1. Ends with its stdin.
"""

import os
import select
import socket
import sys
import time


def main():
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(sys.argv[1])
    os.chmod(sys.argv[1], 0o666)
    print("listening", flush=True)
    while True:
        readable, _, _ = select.select([listener, sys.stdin], [], [])
        if sys.stdin in readable:
            return
        if b"READY=1" in listener.recv(4096).split(b"\n"):
            print(time.monotonic_ns(), flush=True)


main()
