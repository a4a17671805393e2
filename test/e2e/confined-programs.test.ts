import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { isSameIdentity } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { type Pid, pid } from "#domain/units.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import { readStat } from "#linux/process-reader.ts";
import { until } from "#test/support/conformance/until.ts";
import { type ConfinedPrograms, confinePrograms } from "#test/support/gallery/confined-programs.ts";
import { recordProgram } from "#test/support/gallery/record-programs.ts";
import { lacksNamespaces, lacksPrograms } from "#test/support/needs.ts";

const home = mkdtempSync(join(tmpdir(), "tidemark-test-"));
after(() => rmSync(home, { recursive: true }));

const files = makeProcessFiles("");

const isThere = ({ identity }: Pick<ProcessFacts, "identity">): boolean => {
  const stat = readStat(files, identity.pid);
  return stat !== undefined && isSameIdentity(stat.identity, identity);
};

/** One child, and a daemon: of a session of its own, with nobody's environment, whose parent has gone. */
const script = "sleep 300 & (setsid env -i sleep 301 &) ; wait";

async function lookFor(programs: ConfinedPrograms, count: number): Promise<readonly ProcessFacts[]> {
  for (;;) {
    const sleepers = programs.look()?.filter(({ comm }) => comm === "sleep") ?? [];
    if (sleepers.length === count) return sleepers;
    assert.ok(!programs.hasEnded, programs.complaint());
    await setTimeout(10);
  }
}

/** Says who was confined, and stays. */
const recorder = `
const { confinePrograms } = await import(process.argv[1]);
const programs = confinePrograms(process.argv[2], process.argv[3]);
for (;;) {
  const sleepers = (programs.look() ?? []).filter(({ comm }) => comm === "sleep");
  if (sleepers.length === 2) { console.log(sleepers.map(({ identity }) => identity.pid).join(" ")); break; }
  await new Promise((resolve) => setTimeout(resolve, 10));
}
setInterval(() => {}, 1000);`;

const lacksMeans = lacksNamespaces() || lacksPrograms("setsid", "sleep", "env", "perl");

describe("programs that are recorded", { skip: lacksMeans, timeout: 60_000 }, () => {
  it("are all seen, and all gone afterwards, with the one that left its parent, session and environment", async () => {
    let seen: readonly ProcessFacts[];
    {
      await using programs = confinePrograms(script, home);
      seen = await lookFor(programs, 2);
      assert.deepEqual(seen.map(isThere), [true, true]);
      assert.deepEqual(seen.map(({ leadsSession }) => leadsSession).sort(), [false, true]);
    }
    assert.deepEqual(seen.map(isThere), [false, false]);
  });

  it("are gone as well when the recorder is killed", async () => {
    const module = join(import.meta.dirname, "../support/gallery/confined-programs.js");
    const argv = ["--input-type=module", "--eval", recorder, module, script, home];
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = await once(child.stdout, "data");
    const identities = String(said)
      .trim()
      .split(" ")
      .flatMap((each): readonly Pid[] => [pid(Number(each))])
      .flatMap((each) => readStat(files, each) ?? []);
    assert.equal(identities.length, 2);
    child.kill("SIGKILL");
    await until("nobody of them is there", () => !identities.some(isThere));
  });

  it("are told of when they end before they come to what is wanted, with what they complained of", async () => {
    const wanted = { name: "hog", holds: "1M", count: 1 };
    await assert.rejects(
      recordProgram({ script: "echo no memory to be had >&2", wanted, scaffold: [] }),
      /all has ended before 1 × hog held 1M.*no memory to be had/,
    );
  });

  it("are recorded when they have come to what is wanted, without who is there for the recording only", async () => {
    const hog = "sleep 300 & exec perl -e '$held = chr(1) x (64 << 20); sleep 300'";
    const wanted = { name: "perl", holds: "64M", count: 1 };
    const { now } = await recordProgram({ script: hog, wanted, scaffold: ["sleep", "sh"] });
    assert.deepEqual(
      now.map(({ comm }) => comm),
      ["perl"],
    );
  });
});
