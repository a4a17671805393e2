"""Listens as a service manager does: one line of JSON for every message, with the process that sent it.

usage: service_manager.py ADDRESS; ADDRESS is a path, or begins with @. Each line of stdin changes what it does:
  deaf    fills its own queue and reads nothing any more
  hear    reads again
"""

import json
import os
import select
import socket
import struct
import sys
import time

ADDRESS = sys.argv[1]
MOST = 4096
CREDENTIALS = struct.Struct("3i")



def fill_queue():
    filler = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    filler.setblocking(False)
    filler.connect(listener.getsockname())
    try:
        while True:
            filler.send(b"FILLER=1")
    except BlockingIOError:
        print(json.dumps({"deaf": True}), flush=True)


listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
listener.bind("\0" + ADDRESS[1:] if ADDRESS.startswith("@") else ADDRESS)
print(json.dumps({"listens": ADDRESS}), flush=True)

is_deaf = False
while True:
    waited = [sys.stdin.fileno()] if is_deaf else [sys.stdin.fileno(), listener.fileno()]
    ready, _, _ = select.select(waited, [], [])
    if sys.stdin.fileno() in ready:
        word = os.read(sys.stdin.fileno(), MOST).decode().strip()
        if word == "":
            break
        is_deaf = word == "deaf"
        if is_deaf:
            fill_queue()
        continue
    content, ancillary, _, _ = listener.recvmsg(MOST, socket.CMSG_SPACE(CREDENTIALS.size))
    pid = CREDENTIALS.unpack(ancillary[0][2][: CREDENTIALS.size])[0]
    said = dict(line.split("=", 1) for line in content.decode().split("\n"))
    print(json.dumps({"pid": pid, "at": time.monotonic() * 1000, **said}), flush=True)
