import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cgroupPath, mib } from "#domain/units.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import type { Plan } from "#engine/plan.ts";
import type { Rule } from "#engine/rule.ts";
import { desktop } from "#policies/desktop.ts";
import { aPlan } from "#test/support/a-plan.ts";
import type { ProcessWish } from "#test/support/a-snapshot.ts";
import { kinds, last, opening } from "#test/support/engine-life.ts";

/** One of a tree: its pid and its parent's, its name and what it holds, in MiB. */
const one = ([pid, parent]: readonly [number, number], comm: string, anon: number): ProcessWish => ({
  pid,
  parent,
  comm,
  anon: mib(anon),
});

const verdictOn = (table: readonly ProcessWish[], plan: Plan = aPlan()) =>
  last([{ at: 0, available: 300, table }], plan);
const victimOf = (table: readonly ProcessWish[], plan?: Plan) => opening(verdictOn(table, plan)).victim;

const unit = (name: string) => ({ cgroup: cgroupPath(`/user.slice/app.slice/app-${name}.scope`) });

/** Content processes are started by the fork server, which holds next to nothing. */
const firefox = [
  one([50, 1], "firefox", 700),
  one([51, 50], "forkserver", 20),
  one([52, 51], "Isolated Web Co", 420),
  one([53, 51], "Isolated Web Co", 150),
  one([54, 51], "WebExtensions", 260),
  one([55, 50], "Socket Process", 30),
];

const code = [
  one([60, 1], "code", 160),
  one([61, 60], "code", 380),
  one([62, 60], "code", 900),
  one([63, 62], "node", 600),
  one([64, 62], "node", 350),
];

const intellij = [
  one([70, 1], "java", 3000),
  one([71, 70], "fsnotifier", 2),
  one([72, 70], "java", 800),
  one([73, 72], "node", 300),
];

const rule = (verdict: Rule["verdict"], text: string): Rule => ({
  verdict,
  origin: "test",
  when: { name: { source: text, matches: (name) => name === text } },
});

describe("the main process of an application that would be chosen", () => {
  it("is spared for its largest child when all of them hold as much as it does", () => {
    assert.equal(victimOf(firefox).identity.pid, 52);
    const chrome = [
      one([50, 1], "chrome", 800),
      one([51, 50], "chrome", 30),
      one([52, 51], "chrome", 500),
      one([53, 51], "chrome", 450),
    ];
    assert.equal(victimOf(chrome).identity.pid, 52);
  });

  it("stands in the ranking behind that child, which says why", () => {
    const { ranking } = opening(verdictOn(firefox));
    assert.deepEqual(
      ranking.slice(0, 2).map(({ comm }) => comm),
      ["Isolated Web Co", "firefox"],
    );
    assert.deepEqual(ranking[0]?.badness, {
      total: mib(700),
      terms: [
        { name: "anon", value: mib(420) },
        { name: "application", value: mib(280) },
      ],
    });
  });

  it("goes when it holds most of the application", () => {
    assert.equal(victimOf(intellij).identity.pid, 70);
  });

  it("goes when none of its children is large enough to be an answer", () => {
    const tabs = Array.from({ length: 10 }, (_, index) => one([51 + index, 50], "tab", 90));
    assert.equal(victimOf([one([50, 1], "browser", 700), ...tabs]).comm, "browser");
  });

  it("is spared wherever it stands: an extension host for its language server, not for the window beside it", () => {
    assert.equal(victimOf(code).identity.pid, 63);
  });

  it("is not spared for children that hold more of others than of their own", () => {
    const table = [
      one([50, 1], "main", 500),
      one([51, 50], "worker", 200),
      one([52, 51], "job", 150),
      one([53, 51], "job", 160),
    ];
    assert.equal(victimOf(table).comm, "job");
  });

  it("is not spared for what has a unit of its own: that is another application", () => {
    const shell = { ...one([50, 1], "gnome-shell", 700), ...unit("shell") };
    assert.equal(
      victimOf([shell, { ...one([51, 50], "game", 600), ...unit("game") }, one([52, 50], "helper", 200)]).comm,
      "gnome-shell",
    );
    assert.equal(
      victimOf([
        shell,
        { ...one([51, 50], "plugin", 600), ...unit("shell") },
        { ...one([52, 50], "plugin", 200), ...unit("shell") },
      ]).comm,
      "plugin",
    );
  });

  it("is not spared for who must live, and not for whom a rule tells from it", () => {
    const tab = one([52, 50], "tab", 500);
    const table = [one([50, 1], "browser", 700), tab, one([53, 50], "video", 400)];
    assert.equal(victimOf(table, aPlan({ rules: [rule("never", "tab")] })).comm, "browser");
    assert.equal(victimOf(table, aPlan({ rules: [rule("avoid", "tab")] })).comm, "video");
    assert.equal(victimOf(table, aPlan({ rules: [rule("prefer", "browser")] })).comm, "browser");
    assert.equal(victimOf(table).comm, "tab");
  });

  it("is watched when it is dying already: with it go its children", () => {
    const [main, ...children] = firefox;
    assert.ok(main);
    assert.deepEqual(kinds(verdictOn([{ ...main, isDying: true }, ...children])), ["adopt"]);
  });

  it("goes when it is the cause of trouble: its children would be lost one after the other", () => {
    const grown = firefox.map((each) => (each.comm === "firefox" ? { ...each, anon: mib(1000) } : each));
    const looks = [
      { at: 0, available: 1100, table: firefox },
      { at: 1000, available: 700, table: grown },
    ];
    assert.equal(opening(last(looks)).victim.comm, "firefox");
  });

  it("goes where the policy compares processes one by one", () => {
    const options = { ...defaultOptions(desktop.options), children: false };
    assert.equal(victimOf(firefox, aPlan({ policy: bindPolicy(desktop, options) })).comm, "firefox");
  });
});
