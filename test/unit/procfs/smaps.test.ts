import assert from "node:assert/strict";
import { test } from "node:test";
import { ParseError } from "#procfs/parse-error.ts";
import { type SmapsMapping, visitSmaps } from "#procfs/smaps.ts";

const text = `558fe0236000-558fe0238000 r--p 00000000 fe:00 260131                     /usr/bin/a b
Size:                  8 kB
Rss:                   4 kB
Shared_Dirty:          0 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
VmFlags: rd mr mw me lo
7f0000000000-7f0000001000 rw-p 00000000 00:00 0 
Rss:                   4 kB
Private_Dirty:         4 kB
Anonymous:             4 kB
ProtectionKey:         0
7ffd00000000-7ffd00021000 rw-p 00000000 00:00 0                          [stack]
Rss:                  12 kB
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
Rss:                   0 kB
`;

function mappingsOf(written: string): readonly SmapsMapping[] {
  const mappings: SmapsMapping[] = [];
  visitSmaps(new TextEncoder().encode(written), (mapping) => mappings.push(mapping));
  return mappings;
}

test("a mapping is told with its range, its name and what of it is in memory", () => {
  assert.deepEqual(mappingsOf(text), [
    {
      start: 0x558fe0236000n,
      size: 0x2000,
      isWritable: false,
      isExecutable: false,
      name: "/usr/bin/a b",
      resident: 4,
      unsaved: 0,
    },
    {
      start: 0x7f0000000000n,
      size: 0x1000,
      isWritable: true,
      isExecutable: false,
      name: undefined,
      resident: 4,
      unsaved: 8,
    },
    {
      start: 0x7ffd00000000n,
      size: 0x21000,
      isWritable: true,
      isExecutable: false,
      name: "[stack]",
      resident: 12,
      unsaved: 0,
    },
    {
      start: 0xffffffffff600000n,
      size: 0x1000,
      isWritable: false,
      isExecutable: true,
      name: "[vsyscall]",
      resident: 0,
      unsaved: 0,
    },
  ]);
});

test("lines that no release had when this was written are passed over", () => {
  assert.deepEqual(mappingsOf(text.replace("VmFlags:", "Lacked: 1 kB\nVmFlags:")), mappingsOf(text));
});

test("an address that is none, and half a number, are told with their place", () => {
  for (const damaged of [text.replace("558fe0236000-", "-"), text.replace("Rss:                   4 kB", "Rss: x")])
    assert.throws(() => mappingsOf(damaged), ParseError);
});
