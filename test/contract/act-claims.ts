import assert from "node:assert/strict";
import { add, milliseconds, startTicks } from "#domain/units.ts";
import { withDryRun } from "#machine/dry-run.ts";
import { toAdopt, toEscalate, toKill, toSignal } from "#test/support/decisions.ts";
import { findInTable, reportOn, until } from "#test/support/world.ts";
import type { Claims } from "./claim.ts";

/** What signalling, watching and releasing promise. */
export const actClaims: Claims = {
  "SIGTERM ends a hog that heeds it": async ({ machine, start, isAlive }) => {
    const { hog } = await start();
    assert.equal(machine.act(toSignal(hog)).kind, "signalled");
    await until(machine, "the hog is gone", () => !isAlive(hog));
    await until(machine, "its exit is reported", () => reportOn(machine, hog)?.kind === "exited");
  },

  "a hog that ignores SIGTERM lives on and dies of the escalation": async ({ machine, start, isAlive }) => {
    const { hog } = await start({ ignoresSigterm: true });
    machine.act(toSignal(hog));
    await machine.wait(add(machine.now(), milliseconds(100)));
    assert.equal(isAlive(hog), true);
    assert.equal(reportOn(machine, hog)?.kind, "alive");
    assert.equal(machine.act(toEscalate(hog)).kind, "signalled");
    await until(machine, "the hog is gone", () => !isAlive(hog));
  },

  "a stopped hog dies of SIGKILL": async ({ machine, start, isAlive }) => {
    const { hog } = await start({ isStopped: true });
    assert.equal(machine.act(toKill(hog)).kind, "signalled");
    await until(machine, "the hog is gone", () => !isAlive(hog));
  },

  "who shares the memory dies with the victim": async ({ machine, start, isAlive }) => {
    const { hog, sharer } = await start({ sharesMemory: true });
    assert.ok(sharer);
    const outcome = machine.act(toSignal(hog, { signal: "SIGKILL", reapsAtOnce: true, suspects: [sharer] }));
    assert.equal(outcome.kind, "signalled");
    assert.deepEqual(outcome.kind === "signalled" && outcome.sharers, [sharer]);
    await until(machine, "both are gone", () => !isAlive(hog) && !isAlive(sharer));
    await until(machine, "the exit of both is reported", () => reportOn(machine, hog)?.kind === "exited");
  },

  "a memcg that dies as a whole dies with the victim, and its exit is told when the last of it is gone": async (
    world,
  ) => {
    const { machine, start, isAlive } = world;
    const [{ hog }, { hog: member }, { hog: bystander }] = [await start(), await start(), await start()];
    const outcome = machine.act(toSignal(hog, { signal: "SIGKILL", reapsAtOnce: true, group: [member] }));
    assert.deepEqual(outcome.kind === "signalled" && outcome.group, [member]);
    await until(machine, "both are gone", () => !isAlive(hog) && !isAlive(member));
    await until(machine, "the exit of both is reported", () => reportOn(machine, hog)?.kind === "exited");
    assert.equal(isAlive(bystander), true);
  },

  "a memcg of which one ignores SIGTERM is followed until that one dies of the escalation": async (world) => {
    const { machine, start, isAlive } = world;
    const [{ hog }, { hog: member }] = [await start(), await start({ ignoresSigterm: true })];
    machine.act(toSignal(hog, { group: [member] }));
    await until(machine, "the victim is gone", () => !isAlive(hog));
    assert.equal(reportOn(machine, hog)?.kind, "alive", "not all of it has gone");
    machine.act(toEscalate(hog));
    await until(machine, "the other is gone", () => !isAlive(member));
    await until(machine, "the exit of both is reported", () => reportOn(machine, hog)?.kind === "exited");
  },

  "who has left a memcg that dies as a whole, or may not be signalled, is spared": async (world) => {
    const { machine, start, end, isAlive } = world;
    const [{ hog }, { hog: gone }, { hog: another }] = [await start(), await start(), await start()];
    end(gone);
    await until(machine, "one of it is gone", () => findInTable(machine, gone) === undefined);
    const recycled = { ...another, startTicks: startTicks(another.startTicks + 1) };
    const outcome = machine.act(toSignal(hog, { signal: "SIGKILL", group: [gone, recycled] }));
    assert.equal(outcome.kind === "signalled" && outcome.group, undefined);
    await until(machine, "the victim is gone", () => !isAlive(hog));
    assert.equal(isAlive(another), true);
  },

  "who is only suspected of sharing lives": async ({ machine, start, isAlive }) => {
    const { hog } = await start();
    const { hog: bystander } = await start();
    const outcome = machine.act(toSignal(hog, { signal: "SIGKILL", suspects: [bystander] }));
    assert.deepEqual(outcome.kind === "signalled" && outcome.sharers, []);
    await until(machine, "the hog is gone", () => !isAlive(hog));
    assert.equal(isAlive(bystander), true);
  },

  "an exit says when, and how the reaping went": async ({ machine, start }) => {
    const { hog } = await start();
    const before = machine.now();
    machine.act(toKill(hog));
    await until(machine, "the reaping is over", () => {
      const report = reportOn(machine, hog);
      return report?.kind === "exited" && report.reap.kind !== "under-way";
    });
    const report = reportOn(machine, hog);
    assert.ok(report?.kind === "exited");
    assert.ok(report.at >= before && report.at <= machine.now());
    assert.ok(["released", "exiting-by-itself", "unsupported"].includes(report.reap.kind), report.reap.kind);
  },

  "a victim is reported until it is released": async ({ machine, start, isAlive }) => {
    const { hog } = await start();
    machine.act(toKill(hog));
    await until(machine, "the hog is gone", () => !isAlive(hog));
    assert.ok(reportOn(machine, hog));
    assert.equal(machine.act({ kind: "release", victim: hog }).kind, "released");
    assert.equal(reportOn(machine, hog), undefined);
  },

  "a victim that is watched is signalled by nobody, and its end is seen": async (world) => {
    const { machine, start, isAlive, end } = world;
    const { hog } = await start();
    assert.equal(machine.act(toAdopt(hog)).kind, "watched");
    await machine.wait(add(machine.now(), milliseconds(100)));
    assert.equal(isAlive(hog), true);
    assert.deepEqual(reportOn(machine, hog), { identity: hog, kind: "alive", reap: { kind: "not-asked" } });
    end(hog);
    await until(machine, "its end is reported", () => reportOn(machine, hog)?.kind === "exited");
  },

  "the end of a victim that is watched is that of all who share its memory": async (world) => {
    const { machine, start, isAlive, end } = world;
    const { hog, sharer } = await start({ sharesMemory: true });
    assert.ok(sharer);
    assert.equal(machine.act(toAdopt(hog, { suspects: [sharer] })).kind, "watched");
    end(hog);
    await until(machine, "the hog is gone", () => !isAlive(hog));
    await machine.wait(add(machine.now(), milliseconds(100)));
    assert.equal(isAlive(sharer), true);
    assert.equal(reportOn(machine, hog)?.kind, "alive");
    end(sharer);
    await until(machine, "the end of both is reported", () => reportOn(machine, hog)?.kind === "exited");
  },

  "a dry run touches nobody and says so until the victim is released": async ({ machine, start, isAlive }) => {
    const dry = withDryRun(machine);
    const { hog } = await start();
    for (const decision of [toSignal(hog), toEscalate(hog), toKill(hog), { kind: "reap", victim: hog } as const]) {
      assert.equal(dry.act(decision).kind, "rehearsed");
    }
    await machine.wait(add(machine.now(), milliseconds(100)));
    assert.equal(isAlive(hog), true);
    assert.deepEqual(reportOn(dry, hog), { kind: "rehearsed", identity: hog });
    assert.equal(reportOn(machine, hog), undefined);
    dry.act({ kind: "release", victim: hog });
    assert.equal(reportOn(dry, hog), undefined);
  },
};
