import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import type { GiverMeans } from "#domain/giver.ts";
import { SystemError } from "#domain/system-error.ts";
import { cgroupPath, type KiB, mib } from "#domain/units.ts";
import { planWork } from "#linux/giver-work.ts";
import { toAsk } from "#test/support/decisions.ts";
import { aGiver } from "#test/support/some-givers.ts";

const root = mkdtempSync(join(tmpdir(), "tidemark-tree-"));
after(() => rmSync(root, { recursive: true }));

/** A file of the tree; the answer is where it is. */
function put(path: string, content = ""): string {
  const place = `${root}${path}`;
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
  return place;
}

const giverOf = (means: GiverMeans) => ({ ...aGiver("under test"), means });
const reclaim = (cgroup: string, amount: KiB | "all") =>
  giverOf({ kind: "reclaim", cgroup: cgroupPath(cgroup), amount });

/** What the shell of a giver writes where, when it is told: as the daemon has it run, with the line on descriptor 3. */
function perform(giver: ReturnType<typeof giverOf>): void {
  const { script, words, tell } = planWork(giver, root);
  const decision = toAsk(giver);
  const line = decision.kind === "ask" ? tell(decision) : assert.fail();
  execFileSync("/bin/sh", ["-c", `exec 3<&0 0</dev/null; ${script}`, "tidemark-giver", ...words], {
    input: `${line}\n`,
  });
}

const refusal = (giver: ReturnType<typeof giverOf>): SystemError => {
  try {
    planWork(giver, root);
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
  return assert.fail("it can be asked");
};

describe("a giver that reclaims", () => {
  it("under cgroup v2 writes the bytes it is to reclaim into memory.reclaim", () => {
    const file = put("/sys/fs/cgroup/background.slice/memory.reclaim");
    perform(reclaim("/background.slice", mib(512)));
    assert.equal(readFileSync(file, "utf8"), `${512 * 1024 * 1024}\n`);
  });

  it("of all there is writes what the memcg holds when it is told, not when it was made ready", () => {
    const file = put("/sys/fs/cgroup/all.slice/memory.reclaim");
    put("/sys/fs/cgroup/all.slice/memory.current", "1000\n");
    const giver = reclaim("/all.slice", "all");
    const { tell } = planWork(giver, root);
    put("/sys/fs/cgroup/all.slice/memory.current", "4096\n");
    const decision = toAsk(giver);
    assert.equal(decision.kind === "ask" && tell(decision), "4096");
    perform(giver);
    assert.equal(readFileSync(file, "utf8"), "4096\n");
  });

  it("finds a unified hierarchy that is mounted beside v1", () => {
    const file = put("/sys/fs/cgroup/unified/beside.slice/memory.reclaim");
    perform(reclaim("/beside.slice", mib(1)));
    assert.equal(readFileSync(file, "utf8"), "1048576\n");
  });

  it("cannot take all of a cgroup that does not say how much it holds, as the root", () => {
    put("/sys/fs/cgroup/memory.reclaim");
    const { errno, advice } = refusal(reclaim("/", "all"));
    assert.deepEqual([errno, advice.split(",")[0]], ["ENOENT", "Write an amount"]);
    assert.ok(planWork(reclaim("/", mib(1)), root));
  });

  it("under cgroup v1 forces all out, and refuses an amount", () => {
    const file = put("/sys/fs/cgroup/memory/old/memory.force_empty");
    perform(reclaim("/old", "all"));
    assert.equal(readFileSync(file, "utf8"), "0\n");
    assert.equal(refusal(reclaim("/old", mib(1))).errno, "EOPNOTSUPP");
    assert.equal(refusal(reclaim("/none", mib(1))).errno, "ENOENT");
  });
});

describe("a giver that drops caches", () => {
  it("writes the level", () => {
    const file = put("/proc/sys/vm/drop_caches");
    perform(giverOf({ kind: "drop-caches", level: 3 }));
    assert.equal(readFileSync(file, "utf8"), "3\n");
  });
});
