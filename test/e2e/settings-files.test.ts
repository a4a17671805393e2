import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { folder, records, tidemark } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

const isRoot = process.geteuid?.() === 0;
const asRoot = { skip: isRoot ? false : "others than root are strangers to root only" };

describe("files of settings", () => {
  let here = "";
  let main = "";
  let dropIns = "";
  beforeEach(() => {
    here = mkdtempSync(join(folder, "files-"));
    main = join(here, "tidemark.toml");
    dropIns = join(here, "tidemark.d");
    mkdirSync(dropIns);
    writeFileSync(main, 'preset = "none"\n');
    writeFileSync(join(dropIns, "10-policy.toml"), '[policy]\nname = "kernel"\n');
  });

  const check = (...args: readonly string[]) => {
    const { status, stdout } = tidemark("check", "--json", "--config", main, ...args);
    const answers = records(stdout);
    return {
      status,
      head: answers[0],
      warnings: answers.flatMap((each) => (each["severity"] === "warning" ? [String(each["message"])] : [])),
    };
  };

  it("are read in the order of their names, and what comes later wins", () => {
    writeFileSync(join(dropIns, "20-policy.toml"), '[policy]\nname = "desktop"\n');
    writeFileSync(join(dropIns, "30-not-toml.conf"), "nonsense");
    const { head } = check();
    assert.deepEqual(head?.["files"], [main, join(dropIns, "10-policy.toml"), join(dropIns, "20-policy.toml")]);
  });

  it("are refused as a whole when one drop-in leads nowhere: it may hold the rule that protects", () => {
    symlinkSync("/nowhere/at/all", join(dropIns, "20-lost.toml"));
    const { status, head } = check();
    assert.equal(status, 78);
    assert.match(String(head?.["message"]), /20-lost\.toml": ENOENT/);
  });

  it("are refused by name when one is a folder", () => {
    mkdirSync(join(dropIns, "20-folder.toml"));
    assert.match(String(check().head?.["message"]), /20-folder\.toml": it is no regular file/);
  });

  it("are never waited for: a pipe that nobody writes to is refused at once", () => {
    rmSync(main);
    assert.equal(spawnSync("mkfifo", [main]).status, 0);
    const { status, head } = check();
    assert.equal(status, 78);
    assert.match(String(head?.["message"]), /no regular file/);
  });

  it("are refused when they are larger than any settings, before they are read", () => {
    truncateSync(main, 2 ** 33);
    assert.match(String(check().head?.["message"]), /larger than 1 MiB/);
  });

  it("are refused when they are no UTF-8, instead of protecting a name that nobody has", () => {
    writeFileSync(main, Buffer.from('[[rule]]\nverdict = "never"\nname = "a\xff"\n', "latin1"));
    assert.match(String(check().head?.["message"]), /not UTF-8/);
  });

  it("give no cause for a warning when only root may change them", asRoot, () => {
    assert.deepEqual(check(), { status: 0, head: check().head, warnings: [] });
  });

  it("are told of when others than root may change them: they could have any process killed", asRoot, () => {
    chmodSync(main, 0o666);
    chownSync(join(dropIns, "10-policy.toml"), 1000, 0);
    chmodSync(dropIns, 0o1777);
    const { status, warnings } = check();
    assert.equal(status, 0);
    assert.equal(warnings.length, 3);
    assert.match(warnings[0] ?? "", /Cannot trust ".*tidemark\.toml": anybody may change it/);
    assert.match(warnings[1] ?? "", /Cannot trust ".*10-policy\.toml": user 1000 may change it/);
    assert.match(warnings[2] ?? "", /Cannot trust ".*tidemark\.d": anybody may change it/);
  });
});
