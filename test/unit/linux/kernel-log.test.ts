import { deepEqual, ok, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SystemError } from "#domain/system-error.ts";
import { readKernelLog } from "#linux/kernel-log.ts";
import { textOf } from "#test/support/fixture.ts";

test("the log is read to what is its end now", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-kmsg-"));
  const path = join(folder, "kmsg");
  writeFileSync(path, "6,1,2,-;one\n6,2,3,-;two\n");
  deepEqual([...readKernelLog(path)].map(textOf), ["6,1,2,-;one\n6,2,3,-;two\n"]);
  rmSync(folder, { recursive: true });
});

test("a log that cannot be had is a failure with its name", () => {
  throws(
    () => [...readKernelLog("/nowhere/kmsg")],
    (error) => error instanceof SystemError && error.errno === "ENOENT",
  );
});

test("the real log ends without waiting for more, where it may be read", (t) => {
  try {
    const records = [...readKernelLog()];
    ok(records.every((record) => record.length > 0));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    t.skip(`this process may not read it: ${error.errno}`);
  }
});
