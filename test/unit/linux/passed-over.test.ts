import assert from "node:assert/strict";
import { test } from "node:test";
import { pid } from "#domain/units.ts";
import { makePassedOverTest } from "#linux/passed-over.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import { makeTree, type ProcessText, processFiles } from "./tree.ts";

interface Shown extends Omit<ProcessText, "pid"> {
  readonly score: number;
  readonly kernelRelease?: string;
}

function isPassedOver({ score, kernelRelease = "6.18.44", ...text }: Shown): boolean {
  using tree = makeTree({ ...processFiles({ pid: 7, ...text }), "proc/7/oom_score": `${score}\n` });
  return makePassedOverTest(kernelRelease, makeProcessFiles(tree.root))(pid(7));
}

for (const [claim, shown, expected] of [
  ["who shows a score is not passed over", { score: 666, anonKiB: 4000 }, false],
  ["who has memory and shows no score is passed over", { score: 0, anonKiB: 4000 }, true],
  ["who has no memory shows none for that reason", { score: 0 }, false],
  ["an adj of −1000 is reason enough to show none", { score: 0, anonKiB: 4000, adj: -1000 }, false],
  ["with an adj of −999 little memory shows none", { score: 0, anonKiB: 4000, adj: -999 }, false],
  ["with an adj of −998 any memory shows some", { score: 0, anonKiB: 4000, adj: -998 }, true],
  ["before 5.9 little memory shows none", { score: 0, anonKiB: 4000, kernelRelease: "5.8.18" }, false],
  ["of an unknown kernel nothing is concluded", { score: 0, anonKiB: 4000, kernelRelease: "unknown" }, false],
] as const satisfies readonly (readonly [string, Shown, boolean])[]) {
  test(claim, () => assert.equal(isPassedOver(shown), expected));
}

test("who has gone is not passed over", () => {
  using tree = makeTree({});
  assert.equal(makePassedOverTest("6.18.44", makeProcessFiles(tree.root))(pid(7)), false);
});
