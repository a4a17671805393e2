import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WrittenGiver } from "#config/written-giver.ts";
import { trustGivers } from "#daemon/giver-advice.ts";
import type { GiverMeans } from "#domain/giver.ts";
import { cgroupPath, mib, seconds } from "#domain/units.ts";

const place = { source: { path: "/etc/tidemark/tidemark.toml", text: "[[giver]]\n" }, span: { start: 0, end: 9 } };
const written = (name: string, means: GiverMeans): WrittenGiver => ({
  place,
  giver: { name, means, timeout: seconds(1) },
});
const shell = written("shell", { kind: "hook", run: ["/bin/sh"], user: undefined });
const missing = written("missing", { kind: "hook", run: ["/bin/there-is-none"], user: undefined });
const nowhere = written("nowhere", { kind: "reclaim", cgroup: cgroupPath("/there-is-none"), amount: mib(1) });

describe("givers of settings", () => {
  it("that nobody else may change are kept, and what is wrong with one is said where it is written", () => {
    const { givers, advice } = trustGivers([shell, missing], []);
    assert.deepEqual(givers, [shell.giver, missing.giver]);
    const [only] = advice;
    assert.equal(advice.length, 1);
    assert.equal(only?.severity, "warning");
    assert.equal(only?.place, place);
    assert.match(only?.message ?? "", /\/bin\/there-is-none.*giver "missing"/);
  });

  it("that name a program of a rule say where it cannot be run, and run none while others may change them", () => {
    const program = written("/bin/there-is-none --now", { kind: "program", run: ["/bin/there-is-none", "--now"] });
    assert.match(trustGivers([program], []).advice[0]?.message ?? "", /ENOENT.*\(run \/bin\/there-is-none --now\)/);
    const { givers, advice } = trustGivers([program], [{ place }]);
    assert.deepEqual(givers, []);
    assert.match(
      advice[0]?.message ?? "",
      /^Cannot use the run \/bin\/there-is-none --now: others may change.*left out/,
    );
  });

  it("that others may change start no program", () => {
    const { givers, advice } = trustGivers([shell, nowhere], [{ place }]);
    assert.deepEqual(givers, [nowhere.giver]);
    assert.match(advice[0]?.message ?? "", /giver "shell": others may change.*left out/);
  });
});
