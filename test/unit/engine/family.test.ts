import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cgroupPath } from "#domain/units.ts";
import { nameFamilies } from "#engine/family.ts";
import { type ProcessWish, someProcess } from "#test/support/a-snapshot.ts";

const manager = "/user.slice/user-1000.slice/user@1000.service";

const areFamily = (a: Omit<ProcessWish, "pid">, b: Omit<ProcessWish, "pid">, others: readonly ProcessWish[] = []) => {
  const [first, second, ...rest] = [{ ...a, pid: 10 }, { ...b, pid: 11 }, ...others].map(someProcess);
  assert.ok(first !== undefined && second !== undefined);
  const nameOf = nameFamilies([first, second, ...rest]);
  return nameOf(first) === nameOf(second);
};

const inCgroup = (path: string): Omit<ProcessWish, "pid"> => ({ cgroup: cgroupPath(path) });

describe("processes with a unit of their own", () => {
  const app = `${manager}/app.slice/app-gnome-firefox-2501.scope`;

  it("are a family in one application's scope, whatever they are called", () => {
    assert.ok(areFamily({ ...inCgroup(app), comm: "firefox" }, { ...inCgroup(app), comm: "Web Content" }));
  });

  it("are none in two scopes, however alike", () => {
    const other = `${manager}/app.slice/app-gnome-firefox-99.scope`;
    assert.ok(!areFamily({ ...inCgroup(app), comm: "firefox" }, { ...inCgroup(other), comm: "firefox" }));
  });

  it("stay a family in cgroups that were delegated to the service", () => {
    const service = "/system.slice/ci-runner.service";
    assert.ok(areFamily(inCgroup(`${service}/job-1`), inCgroup(`${service}/job-2`)));
  });

  for (const shared of ["/user.slice/user-1000.slice/session-3.scope", "/init.scope", manager, "/user.slice", "/"]) {
    it(`are no family by ${shared}, which is for everybody`, () => {
      assert.ok(!areFamily({ ...inCgroup(shared), parent: 20 }, { ...inCgroup(shared), parent: 21 }));
    });
  }
});

describe("processes without a unit of their own", () => {
  const worker = { comm: "worker", parent: 20 };

  it("are a family when one parent started copies of one program", () => {
    assert.ok(areFamily(worker, worker));
  });

  it("are none when the program differs, or the user, or the parent", () => {
    assert.ok(!areFamily(worker, { ...worker, comm: "other" }));
    assert.ok(!areFamily(worker, { ...worker, uid: 7 }));
    assert.ok(!areFamily(worker, { ...worker, parent: 21 }));
  });

  it("are none when a copy runs for another user", () => {
    assert.ok(!areFamily({ ...worker, parent: 1 }, { ...worker, uid: 7, parent: 10 }));
  });

  it("are none as children of init, who is everybody's parent in the end", () => {
    assert.ok(!areFamily({ ...worker, parent: 1 }, { ...worker, parent: 1 }));
  });

  it("are a family with the copies that copies started, however deep", () => {
    const chain = Array.from({ length: 5000 }, (_, index) => ({
      pid: 100 + index,
      comm: "worker",
      parent: 99 + index,
    }));
    assert.ok(areFamily({ comm: "worker", parent: 5099 }, { comm: "worker", parent: 2500 }, chain));
  });

  it("are told apart in a circle of parents, as a table read in passing may show it", () => {
    assert.ok(areFamily({ comm: "a", parent: 11 }, { comm: "a", parent: 10 }));
  });
});
