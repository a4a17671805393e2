import assert from "node:assert/strict";
import { test } from "node:test";
import { scrubCgroup, scrubCmdline, scrubComm, scrubSwaps } from "#test/tools/scrub.ts";

const known = new Set(["bash", "node"]);

test("only names of known programs stay", () => {
  assert.equal(scrubComm("bash", known), "bash");
  assert.equal(scrubComm("alice-secret", known), "program");
});

test("arguments keep their number and lose their text", () => {
  assert.equal(scrubCmdline("/usr/bin/node\0--token=abc\0\0/home/alice\0", known), "node\0argument\0\0argument\0");
  assert.equal(scrubCmdline("/home/alice/tool\0", known), "program\0");
  assert.equal(scrubCmdline("", known), "");
});

test("cgroup paths keep what systemd names alike everywhere, in every line", () => {
  assert.equal(
    scrubCgroup("4:memory:/pods/44171a28\n0::/user.slice/user-1000.slice/alice.scope\n1:cpu:/\n"),
    "4:memory:/scrubbed/scrubbed\n0::/user.slice/user-1000.slice/scrubbed\n1:cpu:/\n",
  );
});

test("swap devices stay, paths of swap files go", () => {
  assert.equal(
    scrubSwaps("Filename\n/dev/zram0  partition\n/home/alice/swap  file\n"),
    "Filename\n/dev/zram0  partition\n/swapfile  file\n",
  );
});
