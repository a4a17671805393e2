import assert from "node:assert/strict";
import { test } from "node:test";
import { renderTable } from "#cli/render/table.ts";
import { wrapAfter } from "#cli/render/wrap.ts";

const columns = [
  { title: "PID", align: "right" },
  { title: "NAME", align: "left" },
  { title: "WHY", align: "left" },
] as const;

test("columns are aligned under their titles, with nothing after the last word", () => {
  const rows = [
    ["1", "init", "first"],
    ["4242", "漢字 name", ""],
  ];
  assert.equal(renderTable(columns, rows), " PID  NAME       WHY\n   1  init       first\n4242  漢字 name");
});

test("what does not fit beside the other columns goes on below", () => {
  const table = renderTable(columns, [["1", "init", "word ".repeat(30).trim()]]).split("\n");
  assert.equal(table.length, 3);
  for (const line of table) assert.ok(line.length <= 100);
  assert.match(table[2] ?? "", /^ {11}word/);
});

test("a table without titles has no empty line for them", () => {
  const untitled = [
    { title: "", align: "right" },
    { title: "", align: "left" },
  ] as const;
  const rows = [
    ["1", "one"],
    ["22", "more"],
  ];
  assert.equal(renderTable(untitled, rows), " 1  one\n22  more");
});

test("a word longer than a line is broken, and nothing of it is lost", () => {
  const wrapped = wrapAfter("path  ", "x".repeat(150)).split("\n");
  assert.deepEqual(
    wrapped.map((line) => line.length),
    [100, 62],
  );
});

test("a long text goes on below its beginning, and no line is longer than 100 characters", () => {
  const wrapped = wrapAfter("  next  ", "word ".repeat(40).trim()).split("\n");
  assert.equal(wrapped.length, 3);
  for (const line of wrapped) assert.ok(line.length <= 100, line);
  assert.match(wrapped[0] ?? "", /^ {2}next {2}word/);
  assert.match(wrapped[1] ?? "", /^ {8}word/);
});

test("a hostile name is cut, and takes no room from what stands behind it", () => {
  const bounded = [columns[0], { ...columns[1], most: 10 }, columns[2]];
  assert.equal(
    renderTable(bounded, [["1", "\\x1b".repeat(15), "anon 6.9 MiB"]]),
    "PID  NAME        WHY\n  1  \\x1b\\x1b\\…  anon 6.9 MiB",
  );
});

test("a text beside a prefix that leaves no room begins below it, and nothing of it is lost", () => {
  for (const width of [79, 81, 90, 99, 100, 101, 130]) {
    const wrapped = wrapAfter("p".repeat(width), "anon 6.9 MiB + swap 1 GiB").replace(/\s+/g, " ");
    assert.equal(wrapped.replace(/^p+ ?/, ""), "anon 6.9 MiB + swap 1 GiB", String(width));
  }
});

test("wide characters count as the two columns they take, combining ones as none", () => {
  const wrapped = wrapAfter("  ", "漢".repeat(60)).split("\n");
  assert.deepEqual(wrapped, [`  ${"漢".repeat(49)}`, `  ${"漢".repeat(11)}`]);
  assert.equal(wrapAfter("", "e\u0301".repeat(100)).split("\n").length, 1);
});
