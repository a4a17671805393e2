import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { bytes, pid, seconds } from "#domain/units.ts";
import { makePatientReader } from "#linux/patient-reader.ts";
import { holdLock } from "#test/support/lock-holder.ts";
import { lacksPrograms } from "#test/support/needs.ts";

const most = bytes(32 * 1024);
const argumentsOf = (of: number): string => `/proc/${of}/cmdline`;
const self = pid(process.pid);

const lacksMeans =
  lacksPrograms("python3") ||
  (process.geteuid?.() === 0 && existsSync("/dev/fuse")
    ? false
    : "needs root and a file system of its own (/dev/fuse)");

/** Asks until somebody answers in time: on a busy machine not everybody does at once. */
async function answered(ask: () => Uint8Array | undefined): Promise<void> {
  while (ask() === undefined) await new Promise((resolve) => setImmediate(resolve));
}

describe("a patient reader", { timeout: 60_000 }, () => {
  it("reads what answers, and finds nothing of whoever has gone", () => {
    using reader = makePatientReader({ most, patience: seconds(30) });
    const content = reader.read(self, argumentsOf(self));
    assert.ok(content !== undefined && new TextDecoder().decode(content).includes("node"));
    assert.equal(reader.read(pid(4_194_303), argumentsOf(4_194_303)), undefined);
    assert.deepEqual(reader.takeNews(), []);
  });

  it("gives a process up that does not answer, reads others, and asks again when the read has come back", {
    skip: lacksMeans,
  }, async (t) => {
    const holder = await holdLock();
    if (typeof holder === "string") {
      t.skip(holder);
      return;
    }
    using reader = makePatientReader({ most });
    try {
      assert.equal(reader.read(holder.pid, argumentsOf(holder.pid)), undefined);
      assert.deepEqual(
        reader.takeNews().map(({ errno, subject }) => [errno, subject]),
        [["ETIMEDOUT", argumentsOf(holder.pid)]],
      );
      for (let again = 0; again < 10; again += 1) assert.equal(reader.read(holder.pid, argumentsOf(self)), undefined);
      assert.deepEqual(reader.takeNews(), []);
      await answered(() => reader.read(self, argumentsOf(self)));
    } finally {
      await holder[Symbol.asyncDispose]();
    }
    // With the process its read comes back: under its number, another is read.
    await answered(() => reader.read(holder.pid, argumentsOf(self)));
  });
});
