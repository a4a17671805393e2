import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCgroupControllers } from "#procfs/cgroup-controllers.ts";
import { parseOpenFilesLimit } from "#procfs/limits.ts";
import { refusal } from "#test/support/soundness.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const header = "Limit                     Soft Limit           Hard Limit           Units     \n";
const openFiles = (soft: string) =>
  `${header}Max open files            ${soft}                524288               files     \n`;

test("the soft limit of open files is the one that holds", () => {
  assert.equal(parseOpenFilesLimit(bytes(openFiles("1024"))), 1024);
  assert.equal(parseOpenFilesLimit(bytes(openFiles("unlimited"))), undefined);
});

test("limits without a line for open files, or with a damaged one, are refused", () => {
  assert.equal(refusal(() => parseOpenFilesLimit(bytes(header))).expected, '"Max open files"');
  assert.equal(refusal(() => parseOpenFilesLimit(bytes(openFiles("10x")))).expected, "a whole number");
});

test("a cgroup may have any controllers, or none", () => {
  assert.deepEqual(parseCgroupControllers(bytes("cpuset cpu io memory pids\n")), [
    "cpuset",
    "cpu",
    "io",
    "memory",
    "pids",
  ]);
  assert.deepEqual(parseCgroupControllers(bytes("\n")), []);
  assert.equal(refusal(() => parseCgroupControllers(bytes("cpu mem"))).expected, "the end of the line");
});
