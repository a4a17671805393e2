import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemError } from "#domain/system-error.ts";
import { ownPidfd } from "#linux/shared-pidfd.ts";
import { openPidfd, probeSignal } from "#native-bindings/pidfd.ts";
import { ownPid } from "#native-bindings/process-ids.ts";

function own() {
  const pidfd = openPidfd(ownPid());
  assert.ok(pidfd !== undefined);
  return ownPidfd(pidfd);
}

const isClosed = (error: unknown) => error instanceof SystemError && error.errno === "EBADF";

test("a descriptor is closed when its owner lets go of it, and letting go twice closes no other", () => {
  const shared = own();
  shared[Symbol.dispose]();
  assert.throws(() => probeSignal(shared.pidfd), isClosed);
  const next = own();
  shared[Symbol.dispose]();
  assert.equal(probeSignal(next.pidfd), "sent");
  next[Symbol.dispose]();
});

test("a descriptor on loan stays open until the last loan is back", () => {
  const shared = own();
  const loans = [shared.lend(), shared.lend()];
  shared[Symbol.dispose]();
  loans[0]?.[Symbol.dispose]();
  loans[0]?.[Symbol.dispose]();
  assert.equal(probeSignal(shared.pidfd), "sent");
  loans[1]?.[Symbol.dispose]();
  assert.throws(() => probeSignal(shared.pidfd), isClosed);
});
