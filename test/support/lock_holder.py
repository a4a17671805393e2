"""A process whose mmap_lock is held for as long as it lives: whoever wants to read its arguments waits.

    a reader of its memory                      the process itself              whoever comes later
    pread(/proc/PID/mem): takes the lock
    for reading and waits for a page
                                                mmap: waits for the lock
                                                                                waits behind the writer

The page is of a file on a FUSE file system of our own, which answers everything but reads. Prints {"pid": N}, or
{"lacks": why} where this cannot be had. All of it is in a mount namespace of its own and ends with this process, at the
latest after a minute: then the page is refused, and the lock is free.
"""

import ctypes
import json
import mmap
import os
import select
import signal
import struct
import time

PR_SET_PDEATHSIG = 1
CLONE_NEWNS = 0x20000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
LONGEST_SECONDS = 60
SIZE = 4096
FILE_MODE = 0o100444
A_WHILE = 3600

# linux/fuse.h
GETATTR, OPEN, READ, INIT, FORGET = 3, 14, 15, 26, 2
REQUEST = struct.Struct("IIQQIIII")
ANSWER = struct.Struct("IiQ")
ENOSYS = 38

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, f"{what}: {os.strerror(errno)}")


def mount(path):
    """A mount whose root is one file."""
    check(libc.unshare(CLONE_NEWNS), "unshare")
    check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "mount")
    kernel = os.open("/dev/fuse", os.O_RDWR)
    options = f"fd={kernel},rootmode={FILE_MODE:o},user_id=0,group_id=0"
    check(libc.mount(b"tidemark-test", path.encode(), b"fuse", 0, options.encode()), "mount")
    return kernel


def attributes():
    times = [1, SIZE, 8, 0, 0, 0]
    return struct.pack("6Q10I", *times, 0, 0, 0, FILE_MODE, 1, 0, 0, 0, SIZE, 0)


def answer_to(opcode):
    if opcode == INIT:
        return struct.pack("4I2H2I2HI7I", 7, 31, SIZE, 0, 1, 1, SIZE, 1, 1, 0, 0, *[0] * 7)
    if opcode == GETATTR:
        return struct.pack("QII", A_WHILE, 0, 0) + attributes()
    return struct.pack("QII", 0, 0, 0) if opcode == OPEN else None


def serve(kernel):
    """Answers one request, or tells that it was a read."""
    opcode, unique = REQUEST.unpack_from(os.read(kernel, 1 << 17))[1:3]
    if opcode in (READ, FORGET):
        return opcode == READ
    content = answer_to(opcode) or b""
    os.write(kernel, ANSWER.pack(ANSWER.size + len(content), 0 if content else -ENOSYS, unique) + content)
    return False


def child(kernel, act):
    """Without the file system's descriptor: when its last owner has gone, whoever waits for it is let go."""
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.close(kernel)
        try:
            if os.getppid() == parent:
                act()
        except OSError as error:
            print(json.dumps({"lacks": str(error)}), flush=True)
        finally:
            os._exit(1)
    return pid


def hold(path, told, go):
    """Maps the page, says where, and asks for more memory when it is told to."""
    if os.stat(path).st_size != SIZE:
        raise OSError("a file system that is not ours")
    area = mmap.mmap(os.open(path, os.O_RDONLY), SIZE, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    os.write(told, struct.pack("Q", ctypes.addressof(ctypes.c_char.from_buffer(area))))
    os.read(go, 1)
    mmap.mmap(-1, SIZE)
    raise OSError("the lock is not held")


def read_memory(pid, address):
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        os.pread(memory.fileno(), 1, address)
    raise OSError("the page came")


def is_waiting(pid):
    with open(f"/proc/{pid}/stat", "rb") as stat:
        return stat.read().rpartition(b")")[2].split()[0] == b"D"


def main():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    signal.alarm(LONGEST_SECONDS)
    # It has to lie somewhere: in our own namespace, this file is hidden by it.
    kernel = mount(__file__)
    heard, told = os.pipe()
    go, gone = os.pipe()
    holder = child(kernel, lambda: hold(__file__, told, go))
    os.close(told)
    while True:
        readable = select.select([kernel, heard], [], [])[0]
        if heard in readable:
            where = os.read(heard, 8)
            if where == b"":
                return
            child(kernel, lambda: read_memory(holder, struct.unpack("Q", where)[0]))
        elif serve(kernel):
            os.write(gone, b"!")
            while not is_waiting(holder):
                time.sleep(0.01)
            print(json.dumps({"pid": holder}), flush=True)


try:
    main()
except OSError as error:
    print(json.dumps({"lacks": str(error)}), flush=True)
