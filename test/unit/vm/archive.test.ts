import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { archive } from "#test/vm/archive.ts";

interface Unpacked {
  readonly path: string;
  readonly mode: string;
  readonly content: string;
}

/** As the kernel reads it. @see v6.12 init/initramfs.c: parse_header, do_name, do_copy */
function unpack(bytes: Buffer): readonly Unpacked[] {
  const aligned = (offset: number): number => (offset + 3) & ~3;
  const entries: Unpacked[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    equal(bytes.toString("latin1", offset, offset + 6), "070701");
    const field = (index: number): number => {
      const at = offset + 6 + index * 8;
      return Number.parseInt(bytes.toString("latin1", at, at + 8), 16);
    };
    const [mode, size, nameSize] = [field(1), field(6), field(11)];
    const name = bytes.toString("latin1", offset + 110, offset + 110 + nameSize - 1);
    const body = aligned(offset + 110 + nameSize);
    if (name !== "TRAILER!!!") {
      entries.push({ path: name, mode: mode.toString(8), content: bytes.toString("latin1", body, body + size) });
    }
    offset = aligned(body + size);
  }
  return entries;
}

test("the kernel finds folders before what lies in them, and programs are programs", () => {
  const files = [
    { path: "/init", content: "#!", isProgram: true },
    { path: "/a/b/c", content: Buffer.from("odd length") },
    { path: "/a/d", content: "" },
  ];
  deepEqual(unpack(archive(files)), [
    { path: "a", mode: "40755", content: "" },
    { path: "a/b", mode: "40755", content: "" },
    { path: "init", mode: "100755", content: "#!" },
    { path: "a/b/c", mode: "100644", content: "odd length" },
    { path: "a/d", mode: "100644", content: "" },
  ]);
});
