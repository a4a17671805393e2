import assert from "node:assert/strict";
import { test } from "node:test";
import { readNodeMembers } from "#linux/node-members.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import { makeTree } from "./tree.ts";

const allowed = (list: string): string => `Name:\tx\nMems_allowed_list:\t${list}\n`;

test("who may use one of the nodes is a member, and so is who has a thread that may", () => {
  using tree = makeTree({
    "proc/10/status": allowed("0-3"),
    "proc/11/status": allowed("2"),
    "proc/12/status": allowed("2"),
    "proc/12/task/12/status": allowed("2"),
    "proc/12/task/13/status": allowed("1"),
    "proc/14/task/14/status": allowed("0"),
  });
  const members = readNodeMembers([{ first: 0, last: 1 }], makeProcessFiles(tree.root));
  assert.deepEqual(members, new Set([10, 12, 14]));
});

test("without cpusets everybody may use every node", () => {
  using tree = makeTree({ "proc/10/status": "Name:\tx\n" });
  assert.deepEqual(readNodeMembers([{ first: 0, last: 0 }], makeProcessFiles(tree.root)), new Set([10]));
});
