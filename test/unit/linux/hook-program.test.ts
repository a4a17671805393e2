import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { uid } from "#domain/units.ts";
import { objectionToProgram } from "#linux/hook-program.ts";
import { findStrangers } from "#linux/strangers.ts";
import { findUserIn } from "#linux/user-table.ts";
import { effectiveUid } from "#native-bindings/process-ids.ts";

const skip = effectiveUid() !== 0 && "only root can make files of root and of others";
const root = { uid: uid(0), gid: 0 };
const nobody = { uid: uid(65534), gid: 65534 };

/** Below the root, since folders everybody may write in are none to keep a program of root in. */
const folder = skip ? "" : mkdtempSync("/var/lib/tidemark-hook-");
after(() => {
  if (folder !== "") rmSync(folder, { recursive: true });
});

function program(name: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, "#!/bin/sh\n");
  chmodSync(path, mode);
  return path;
}

const open = (): void => {
  if (folder !== "") chmodSync(folder, 0o755);
};

describe("a program", { skip }, () => {
  it("of root in folders of root can be run by root, and by others if they may", () => {
    open();
    assert.equal(objectionToProgram(program("sound"), root), undefined);
    assert.equal(objectionToProgram(program("sound"), nobody), undefined);
    assert.match(objectionToProgram(program("private", 0o700), nobody)?.advice ?? "", /Let user 65534 execute it/);
  });

  it("that others may change is not run, be it the program, its folder, or what a link leads to", () => {
    open();
    const errnoOf = (path: string, runner = root) => objectionToProgram(path, runner)?.errno;
    assert.equal(errnoOf(program("everybody", 0o777)), "EPERM");
    const foreign = program("foreign");
    chownSync(foreign, 65534, 0);
    assert.equal(errnoOf(foreign), "EPERM");
    assert.equal(errnoOf(foreign, nobody), undefined);
    const shared = join(folder, "shared");
    mkdirSync(shared);
    const inShared = program("shared/program");
    assert.equal(errnoOf(inShared), undefined);
    chmodSync(shared, 0o777);
    assert.equal(errnoOf(inShared), "EPERM");
    const link = join(folder, "link");
    symlinkSync(inShared, link);
    assert.equal(errnoOf(link), "EPERM");
    const away = join(shared, "away");
    symlinkSync(program("sound"), away);
    assert.equal(errnoOf(away), "EPERM");
  });

  it("in a folder where only owners may replace their files is judged by itself", () => {
    open();
    const sticky = join(folder, "sticky");
    mkdirSync(sticky);
    chmodSync(sticky, 0o1777);
    assert.equal(objectionToProgram(program("sticky/program"), root), undefined);
  });
});

describe("strangers", () => {
  it("are everybody but root and the one it belongs to", () => {
    const stats = { uid: 0, gid: 0, mode: 0o644 };
    assert.equal(findStrangers(stats), undefined);
    assert.equal(findStrangers({ ...stats, mode: 0o664 }), undefined);
    assert.equal(findStrangers({ ...stats, mode: 0o666 }), "anybody");
    assert.equal(findStrangers({ ...stats, gid: 5, mode: 0o664 }), "group 5");
    assert.equal(findStrangers({ ...stats, uid: 7 }), "user 7");
    assert.equal(findStrangers({ ...stats, uid: 7 }, 7), undefined);
  });
});

describe("a user", () => {
  const table = "root:x:0:0:root:/root:/bin/sh\n+\nbroken:x:abc:1::/:\nvm:x:107:115::/:/bin/false\nvm:x:0:0::/:\n";

  it("is found by name, the first of two, whatever else is in the table", () => {
    assert.deepEqual(findUserIn(table, "vm"), { uid: 107, gid: 115 });
    assert.deepEqual(findUserIn(table, "root"), { uid: 0, gid: 0 });
  });

  it("is nobody when the line is none, or the name is no name", () => {
    for (const name of ["broken", "nobody", "", "+", "v", "vm:x:107"]) assert.equal(findUserIn(table, name), undefined);
  });
});
