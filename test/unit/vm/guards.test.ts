import { doesNotMatch, equal, match, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";
import { kernelAlone, serviceOf, startGuard, tidemarkGuard } from "#test/vm/guards.ts";

test("tidemark is started as its unit starts it", () => {
  const unit = readFileSync(join(repositoryRoot, "packaging/tidemark.service"), "utf8");
  const { nice, oomScoreAdj, memoryMin = 0 } = tidemarkGuard;
  for (const line of [
    `Nice=${nice}`,
    `OOMScoreAdjust=${oomScoreAdj}`,
    `MemoryMin=${memoryMin / 1024 / 1024}M`,
    "MemorySwapMax=0",
    "Slice=-.slice",
  ]) {
    ok(unit.split("\n").includes(line), line);
  }
  equal(tidemarkGuard.memorySwapMax, 0);
  equal(serviceOf(tidemarkGuard), "/tidemark.service");
  match(startGuard(tidemarkGuard), /'nice shift; exec @ARGV' -- -20 node \S+ run /);
});

test("nobody is started where the kernel watches alone", () => {
  doesNotMatch(startGuard(kernelAlone), /exec/);
});
