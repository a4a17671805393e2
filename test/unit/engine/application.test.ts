import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cgroupPath, gib, mib, pid, startTicks } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan, protecting } from "#test/support/a-plan.ts";
import type { ProcessWish } from "#test/support/a-snapshot.ts";
import { alive, escalation, exited, kinds, last, opening } from "#test/support/engine-life.ts";

const session = { cgroup: cgroupPath("/user.slice/user-1000.slice/session-2.scope") };
const unit = (name: string) => ({ cgroup: cgroupPath(`/user.slice/app.slice/app-${name}.scope`) });

/** One of a tree: its pid and its parent's. */
const one = ([own, parent]: readonly [number, number], comm: string, more: Partial<ProcessWish>): ProcessWish => ({
  pid: own,
  parent,
  comm,
  anon: mib(10),
  exe: `/usr/bin/${comm}`,
  ...more,
});

/** What dies with whoever ranks first, by pid. */
function groupOf(table: readonly ProcessWish[], name: Plan["kill"]["unit"], change: Partial<Plan> = {}) {
  const plan = aPlan({ ...change, kill: { ...aPlan().kill, unit: name } });
  const { victim, group } = opening(last([{ at: 0, available: 300, table }], plan));
  const pids = [victim.identity, ...(group?.members ?? [])].map((each) => Number(each.pid));
  return { kind: group?.kind, pids: pids.toSorted((a, b) => a - b), whole: group?.whole };
}

const large = { anon: gib(4) };

/** A terminal whose shells and their jobs are in its own scope, as kitty has them. */
const terminal = [
  one([50, 1], "kitty", unit("kitty")),
  one([51, 50], "bash", { ...unit("kitty"), leadsTerminal: true }),
  one([52, 51], "make", unit("kitty")),
  one([53, 52], "sh", unit("kitty")),
  one([54, 53], "cc1plus", { ...unit("kitty"), ...large }),
  one([55, 53], "cc1plus", unit("kitty")),
  one([56, 51], "vim", unit("kitty")),
];

const service = [
  one([60, 1], "web", unit("web")),
  one([61, 60], "worker", { ...unit("web"), ...large }),
  one([62, 1], "forked-twice", unit("web")),
  one([63, 1], "nested", { cgroup: cgroupPath(`${unit("web").cgroup}/inner`) }),
  one([70, 1], "other", unit("other")),
];

const byApp = aPlan({ kill: { ...aPlan().kill, unit: "app" } });
const worker = { pid: pid(61), startTicks: startTicks(61) };
/** A shortage in which there is time to ask. */
const ask = { at: 0, available: 700, table: service };

describe("the unit app", () => {
  it("is all of the victim's systemd unit, whoever started them", () => {
    assert.deepEqual(groupOf(service, "app"), { kind: "app", pids: [60, 61, 62, 63], whole: unit("web").cgroup });
  });

  it("is one job, where the unit holds a terminal and a shell that live on", () => {
    assert.deepEqual(groupOf(terminal, "app"), { kind: "app", pids: [52, 53, 54, 55], whole: undefined });
  });

  it("is what is below the main process, where no unit tells: copies of its program with all they started", () => {
    const table = [
      one([40, 1], "i3", session),
      one([50, 40], "code", session),
      one([51, 50], "code", { ...session, ...large }),
      one([52, 51], "node", session),
      one([53, 50], "code", session),
      one([60, 40], "firefox", session),
    ];
    assert.deepEqual(groupOf(table, "app").pids, [50, 51, 52, 53]);
  });

  it("is all below a shell at a terminal, whatever the programs are called", () => {
    const table = terminal.map((each) => ({ ...each, ...session }));
    assert.deepEqual(groupOf(table, "app").pids, [52, 53, 54, 55]);
  });

  it("is the part below whoever is protected, and at last the victim alone", () => {
    assert.deepEqual(groupOf(terminal, "app", { rules: [protecting("make")] }).pids, [53, 54, 55]);
    assert.deepEqual(groupOf(service, "app", { rules: [protecting("nested")] }).pids, [60, 61]);
    const [web, job] = service;
    assert.ok(web && job);
    const guarded = one([64, 61], "guarded", unit("web"));
    assert.deepEqual(groupOf([web, job, guarded], "app", { rules: [protecting("guarded")] }).pids, [61]);
  });

  it("asks an application to end, and leaves nobody who is born into its unit once it is killed", () => {
    const asked = last([ask], byApp);
    assert.equal(opening(asked).signal, "SIGTERM");
    assert.equal(asked.state.sweep, undefined);
    const holdsOut = { ...alive(), identity: worker };
    const killed = last([ask, { at: 1000, available: 300, table: service, victims: [holdsOut] }], byApp);
    assert.deepEqual([escalation(killed).why, killed.state.sweep?.name], ["exhausted", unit("web").cgroup]);
  });

  it("asks by any signal that a rule names, and sweeps nobody away meanwhile", () => {
    const interrupt = { verdict: "neutral", origin: "test", when: {}, manner: { signal: "SIGINT" } } as const;
    const asked = last([ask], { ...byApp, rules: [interrupt] });
    assert.deepEqual([opening(asked).signal, asked.state.sweep], ["SIGINT", undefined]);
  });

  it("kills who was born into its unit meanwhile, and not whom a service manager starts there once it has ended", () => {
    const newcomer = one([5000, 1], "web", unit("web"));
    const other = service.slice(-1);
    const kill = { at: 0, available: 300, table: service };
    const victims = [{ ...exited(4), identity: worker }];
    const born = last([kill, { at: 5, available: 300, table: [...other, newcomer], victims }], byApp);
    assert.deepEqual([opening(born).victim.comm, opening(born).signal], ["web", "SIGKILL"]);
    const ended = { at: 5, available: 300, table: other, victims };
    const again = last([kill, ended, { at: 105, available: 9000, table: [...other, newcomer], victims }], byApp);
    assert.deepEqual([kinds(again).includes("signal"), again.state.sweep], [false, undefined]);
  });
});

describe("the unit memcg", () => {
  it("is the cgroup the victim is in, with those below it, where that is of one application", () => {
    assert.deepEqual(groupOf(service, "memcg"), { kind: "memcg", pids: [60, 61, 62, 63], whole: unit("web").cgroup });
  });

  it("is no more than a delegated cgroup, where the victim runs in one", () => {
    const inner = { cgroup: cgroupPath(`${unit("web").cgroup}/inner`) };
    const table = [
      ...service.slice(0, 1),
      one([61, 60], "worker", { ...inner, ...large }),
      one([62, 61], "job", inner),
    ];
    assert.deepEqual(groupOf(table, "memcg"), { kind: "memcg", pids: [61, 62], whole: inner.cgroup });
  });

  it("is a container, whether it has a unit or not", () => {
    const cgroup = cgroupPath(`/docker/${"0123456789abcdef".repeat(4)}`);
    const table = service.map((each) => ({ ...each, cgroup }));
    assert.deepEqual(groupOf(table, "memcg"), { kind: "memcg", pids: [60, 61, 62, 63, 70], whole: cgroup });
  });

  it("is an application, where the cgroup holds several or somebody who must live", () => {
    assert.deepEqual(groupOf(terminal, "memcg").pids, [52, 53, 54, 55]);
    const inSession = service.map((each) => ({ ...each, ...session }));
    assert.deepEqual(groupOf(inSession, "memcg").pids, [61]);
  });
});
