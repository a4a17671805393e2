import assert from "node:assert/strict";
import { test } from "node:test";
import { findLockable } from "#linux/lockable.ts";
import { visitSmaps } from "#procfs/smaps.ts";

/** The names, or the first addresses, of what can be locked of these mappings. */
function lockableIn(maps: string): readonly string[] {
  const { note, ranges } = findLockable();
  visitSmaps(new TextEncoder().encode(maps), note);
  return ranges().map(({ start, size }) => `${start.toString(16)}+${size.toString(16)}`);
}

test("pieces of one file that lie side by side are locked as one range", () => {
  const maps = `400000-401000 r-xp 00000000 fe:00 1    /usr/bin/node
401000-402000 r-xp 00001000 fe:00 1    /usr/bin/node
402000-405000 r--p 00002000 fe:00 1    /usr/lib/libc.so.6
500000-501000 r--p 00002000 fe:00 1    /usr/lib/libc.so.6
`;
  assert.deepEqual(lockableIn(maps), ["400000+2000", "402000+3000", "500000+1000"]);
});

test("memory without a name is V8's, and is not locked by itself", () => {
  const maps = `100000-140000 rw-p 00000000 00:00 0 
200000-201000 ---p 00000000 00:00 0 
201000-203000 rwxp 00000000 00:00 0 
300000-301000 rw-p 00000000 00:00 0    [heap]
`;
  assert.deepEqual(lockableIn(maps), ["300000+1000"]);
});

test("the heap of the C library and the stack are locked, and pages of the kernel are not", () => {
  const maps = `100000-140000 rw-p 00000000 00:00 0    [heap]
200000-201000 rw-p 00000000 00:00 0    [stack]
201000-203000 r--p 00000000 00:00 0    [vvar]
203000-205000 r--p 00000000 00:00 0    [vvar_vclock]
205000-207000 r-xp 00000000 00:00 0    [vdso]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0    [vsyscall]
`;
  assert.deepEqual(lockableIn(maps), ["100000+40000", "200000+1000"]);
});

test("code that is mapped from a file is locked, though it has no path any more", () => {
  assert.deepEqual(lockableIn("100000-101000 r-xp 00000000 00:01 7    /memfd:tidemark-batch (deleted)\n"), [
    "100000+1000",
  ]);
});

test("code of the kernel's is told apart, because it stays without being locked", () => {
  const { note, shared } = findLockable();
  const maps = `201000-203000 r--p 00000000 00:00 0    [vvar]
205000-207000 r-xp 00000000 00:00 0    [vdso]
`;
  visitSmaps(new TextEncoder().encode(maps), note);
  assert.deepEqual(shared(), [{ start: 0x205000n, size: 0x2000, name: "[vdso]" }]);
});
