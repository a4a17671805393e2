import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import { lacksSharers } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";

const program = join(repositoryRoot, "dist/test/tools/demo.js");

/** Four acts, of which each gives up by itself: longer means that it hangs. */
const longest = 150_000;

const demo = (...args: readonly string[]) =>
  spawnSync(process.execPath, [program, ...args], { encoding: "utf8", timeout: longest });

function assertGood({ status, stdout, stderr }: ReturnType<typeof demo>): void {
  assert.equal(status, 0, stdout + stderr);
  assert.equal(stdout.match(/good: the hog is gone, its memory is back, the bystander lives/g)?.length, 4);
}

describe("the demo", () => {
  it("ends four hogs on this kernel and spares the bystanders", {
    skip: lacksSharers,
  }, () => {
    assertGood(demo());
  });

  it("tells the same story on the simulated machine", () => {
    assertGood(demo("--simulated"));
  });
});
