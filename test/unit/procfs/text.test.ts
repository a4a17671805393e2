import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeText } from "#procfs/text.ts";
import { bytesOf } from "#test/support/fixture.ts";

test("text between two offsets is read as UTF-8, ASCII or not", () => {
  assert.equal(decodeText(bytesOf("(firefox)"), 1, 8), "firefox");
  assert.equal(decodeText(bytesOf("(größe 漢字 🦀)"), 1, bytesOf("(größe 漢字 🦀").length), "größe 漢字 🦀");
  assert.equal(decodeText(bytesOf("abc"), 1, 1), "");
});

test("ASCII before a damaged byte is not lost or doubled", () => {
  assert.equal(decodeText(new Uint8Array([0x61, 0x62, 0xff, 0x63]), 0, 4), "ab\ufffdc");
});

test("a byte order mark is a part of the name", () => {
  assert.equal(decodeText(bytesOf("\ufeffx"), 0, 4), "\ufeffx");
});
