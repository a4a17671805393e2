import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Identity } from "#domain/identity.ts";
import { cgroupPath, kib } from "#domain/units.ts";
import { noReserve } from "#linux/descriptor-reserve.ts";
import { withKillCounts } from "#linux/kill-counts.ts";
import { takeLiveMeans } from "#linux/means.ts";
import { readXattr } from "#native-bindings/xattr.ts";
import { toEscalate, toSignal } from "#test/support/decisions.ts";
import { lacksXattrs } from "#test/support/needs.ts";
import { startSleeper } from "#test/unit/native-bindings/sleeper.ts";
import { identityOf } from "./living.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-counts-"));
after(() => rmSync(folder, { recursive: true }));

const skip = lacksXattrs(folder, "user.probe");
const tellNobody = (): undefined => undefined;
const path = cgroupPath("/s/a");

function signalTo(victim: Identity, signal: "SIGTERM" | "SIGKILL") {
  const decision = toSignal(victim, { signal });
  return decision.kind === "signal" ? decision : assert.fail(decision.kind);
}

/** What becomes of a cgroup of two processes. */
const toKill = (victim: Identity, other: Identity, signal: "SIGTERM" | "SIGKILL") => ({
  ...signalTo(victim, signal),
  group: { kind: "memcg", path, members: [other] } as const,
  branch: {
    by: "size",
    path,
    ranking: [{ path, preference: "none", unprotected: kib(0), swapped: kib(0) }],
  } as const,
});

const runNothing = () => ({ kind: "unready", why: "not-ready" }) as const;

const counts = () => ["ooms", "kill"].map((name) => readXattr(folder, `user.oomd_${name}`));
const actor = () =>
  withKillCounts(takeLiveMeans("6.1.0", noReserve).makeActor(tellNobody, runNothing), (of) =>
    of === path ? folder : undefined,
  );

describe("a cgroup that was chosen", { skip }, () => {
  it("is counted once with all that were killed, and again at the next kill", async () => {
    for (const expected of [
      ["1", "2"],
      ["2", "4"],
    ]) {
      await using victim = await startSleeper();
      await using other = await startSleeper();
      using acting = actor();
      const outcome = acting.act(toKill(identityOf(victim.pid), identityOf(other.pid), "SIGKILL"));
      assert.equal(outcome.kind, "signalled");
      assert.deepEqual(counts(), expected);
    }
  });

  it("is not counted while it is only asked to exit, and is when it is killed after that", async () => {
    const before = counts();
    // Whoever is stopped does not act on SIGTERM.
    await using victim = await startSleeper();
    victim.child.kill("SIGSTOP");
    await using other = await startSleeper();
    using acting = actor();
    const identity = identityOf(victim.pid);
    acting.act(toKill(identity, identityOf(other.pid), "SIGTERM"));
    assert.deepEqual(counts(), before);
    const escalation = toEscalate(identity);
    acting.act(escalation.kind === "escalate" ? escalation : assert.fail(escalation.kind));
    assert.deepEqual(
      counts(),
      before.map((count, at) => String(Number(count) + at + 1)),
    );
  });

  it("is not counted when nobody chose among cgroups", async () => {
    const before = counts();
    await using victim = await startSleeper();
    using acting = actor();
    assert.equal(acting.act(signalTo(identityOf(victim.pid), "SIGKILL")).kind, "signalled");
    assert.deepEqual(counts(), before);
  });

  it("that nobody may write to is killed all the same", async () => {
    await using victim = await startSleeper();
    await using other = await startSleeper();
    const means = takeLiveMeans("6.1.0", noReserve);
    using acting = withKillCounts(means.makeActor(tellNobody, runNothing), () => join(folder, "gone"));
    assert.equal(acting.act(toKill(identityOf(victim.pid), identityOf(other.pid), "SIGKILL")).kind, "signalled");
    assert.equal(await victim.ended, "SIGKILL");
  });
});
