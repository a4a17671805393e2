import assert from "node:assert/strict";
import { test } from "node:test";
import koffi from "koffi";
import { unixAddressLayout } from "#native-bindings/datagram.ts";
import { pollfdLayout } from "#native-bindings/poll.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import { callKernel } from "#native-bindings/syscall.ts";
import { syscallNumbers } from "#native-bindings/syscall-numbers.ts";

/** Printed by a C program, built with gcc 12 for x86-64 and aarch64-linux-gnu-gcc 12 (run under qemu-aarch64). */
const fromC = {
  pollfd: { size: 8, fd: 0, events: 4, revents: 6 },
  sockaddrUn: { size: 110, path: 2, longestPath: 108 },
  x64: {
    bpf: 321,
    clock_gettime: 228,
    fcntl: 72,
    getdents64: 217,
    getpid: 39,
    kcmp: 312,
    mlock2: 325,
    mlockall: 151,
    pidfd_open: 434,
    pidfd_send_signal: 424,
    ppoll: 271,
    pread64: 17,
    process_mrelease: 448,
    read: 0,
    sched_setscheduler: 144,
    write: 1,
  },
  arm64: {
    bpf: 280,
    clock_gettime: 113,
    fcntl: 25,
    getdents64: 61,
    getpid: 172,
    kcmp: 272,
    mlock2: 284,
    mlockall: 230,
    pidfd_open: 434,
    pidfd_send_signal: 424,
    ppoll: 73,
    pread64: 67,
    process_mrelease: 448,
    read: 63,
    sched_setscheduler: 119,
    write: 64,
  },
};

test("struct pollfd lies as the C compiler lays it out", () => {
  assert.deepEqual(pollfdLayout, fromC.pollfd);
  const pollfd = koffi.struct({ fd: "int", events: "short", revents: "short" });
  assert.equal(koffi.sizeof(pollfd), pollfdLayout.size);
  assert.equal(koffi.offsetof(pollfd, "events"), pollfdLayout.events);
  assert.equal(koffi.offsetof(pollfd, "revents"), pollfdLayout.revents);
});

test("struct sockaddr_un lies as the C compiler lays it out", () => {
  assert.deepEqual(unixAddressLayout, fromC.sockaddrUn);
});

test("a long, a size_t and a pointer have eight bytes, as the bindings assume", () => {
  for (const type of ["long", "unsigned long", "size_t", "void *", "intptr_t"]) assert.equal(koffi.sizeof(type), 8);
});

test("system calls have the numbers the C headers give them, on both architectures", () => {
  assert.deepEqual(syscallNumbers, { x64: fromC.x64, arm64: fromC.arm64 });
});

test("the number of getpid is the one this kernel knows", () => {
  assert.deepEqual(callKernel("getpid", []), { value: ownPid() });
});
