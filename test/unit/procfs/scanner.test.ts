import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cursorOver,
  damageAt,
  expectText,
  isAt,
  readDigits,
  readSigned,
  readUnsigned,
  readUnsignedIfExact,
  skipLine,
  skipWord,
} from "#procfs/scanner.ts";
import { bytesOf } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const over = (text: string) => cursorOver("FILE", bytesOf(text));

for (const [text, value] of [
  ["0\n", 0],
  ["00012 ", 12],
  ["9007199254740991\n", Number.MAX_SAFE_INTEGER],
  ["12.5", 12],
  ["7,", 7],
  ["7)", 7],
  ["7:", 7],
] as const) {
  test(`${JSON.stringify(text)} begins with ${value}`, () => {
    assert.equal(readUnsigned(over(text)), value);
  });
}

for (const text of ["", "12", "12x", "x12", "1_2", "12ü ", "-1 ", "+1 ", " 1 ", "0x1f ", "NaN ", "Infinity ", "1e9 "]) {
  test(`${JSON.stringify(text)} is no whole number`, () => {
    assert.equal(refusal(() => readUnsigned(over(text))).expected, "a whole number");
  });
}

for (const text of ["9007199254740992\n", "18446744073709551615\n", `${"9".repeat(400)}\n`]) {
  test(`${text.slice(0, 20).trim()} is refused rather than rounded`, () => {
    const error = refusal(() => readUnsigned(over(text)));
    assert.deepEqual([error.expected, error.offset], ["a number below 2^53", 0]);
    assert.equal(readUnsignedIfExact(over(text)), undefined);
  });
}

test("digits are read as far as they go, whatever ends them", () => {
  const cursor = over("12x");
  assert.deepEqual([readDigits(cursor), cursor.offset], [12, 2]);
  assert.deepEqual([readDigits(cursor), cursor.offset], [undefined, 2]);
  assert.equal(readDigits(over("12")), 12);
});

test("a minus is read where it is allowed, once", () => {
  assert.equal(readSigned(over("-17\n")), -17);
  assert.equal(readSigned(over("17\n")), 17);
  assert.ok(Object.is(readSigned(over("-0\n")), 0));
  assert.equal(refusal(() => readSigned(over("--1\n"))).offset, 1);
});

test("text at the very end is found, and text beyond it is not", () => {
  assert.equal(isAt(over("abc"), "abc"), true);
  assert.equal(isAt(over("abc"), "abcd"), false);
  assert.equal(isAt(over(""), ""), true);
});

test("skipping the last line ends at the end, with or without a newline", () => {
  for (const text of ["abc", "abc\n"]) {
    const cursor = over(text);
    skipLine(cursor);
    assert.equal(refusal(() => skipWord(cursor)).found, "the end of the file");
  }
});

test("damage is told with file, line, byte, what was found and what was expected", () => {
  const cursor = over("one\ntwo\tthree \u0007 and much more than can be shown\n");
  cursor.offset = 8;
  const error = damageAt(cursor, "a number");
  assert.deepEqual(
    { file: error.file, line: error.line, offset: error.offset, found: error.found, expected: error.expected },
    { file: "FILE", line: 2, offset: 8, found: '"three \\u0007 and much more th"', expected: "a number" },
  );
  assert.equal(
    error.message,
    'Cannot parse "FILE" at line 2, byte 8: found "three \\u0007 and much more th", expected a number',
  );
  assert.equal(error.name, "ParseError");
});

test("a newline where something was expected is shown as one", () => {
  assert.equal(refusal(() => expectText(over("\nx"), "x")).found, '"\\n"');
});
