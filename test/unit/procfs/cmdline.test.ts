import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCmdline } from "#procfs/cmdline.ts";
import { bytesOf, readFixture } from "#test/support/fixture.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/cmdline/${name}`);

for (const [name, text] of [
  ["title-padded", "nginx: worker process"],
  ["empty-argument", "sh -c  x"],
  ["no-nul-at-end", "a b"],
  ["invalid-utf8", "\ufffd\ufffd ok"],
  ["empty", ""],
] as const) {
  test(`arguments are joined by single spaces: ${name}`, () => {
    assert.equal(parseCmdline(hostile(name)), text);
  });
}

test("arguments that are all empty leave nothing", () => {
  assert.equal(parseCmdline(bytesOf("\0\0\0")), "");
});
