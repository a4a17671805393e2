import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Candidate } from "#domain/candidate.ts";
import { cgroupPath, kib, milliseconds, pid, startTicks, uid } from "#domain/units.ts";
import { makeGivers } from "#linux/givers.ts";
import { until } from "#test/support/conformance/until.ts";
import { candidateOf, toSignal } from "#test/support/decisions.ts";
import { aProgram } from "#test/support/some-givers.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-errand-"));
after(() => rmSync(folder, { recursive: true }));

const newGivers = () => makeGivers({ now: () => milliseconds(performance.now()), tell: () => undefined });

describe("a program of a rule", () => {
  const victim: Candidate = {
    ...candidateOf({ pid: pid(4_194_000), startTicks: startTicks(77) }),
    comm: "a b\n$(id)`id`'\"=",
    uid: uid(1000),
    cgroup: cgroupPath("/user.slice/a\tb"),
    returns: kib(1024.5),
  };

  it("finds its victim in its environment, whatever that is called, and nothing of ours", async () => {
    const told = join(folder, "told");
    const program = { ...aProgram("/bin/sh", "-c", `env >${told}`), timeout: milliseconds(2500) };
    using givers = newGivers();
    givers.act({ kind: "enlist", givers: [program] });
    const members = [{ pid: pid(4_194_001), startTicks: startTicks(78) }];
    const group = { kind: "family", name: "job", members } as const;
    const decision = { ...toSignal(victim.identity), victim, group, program };
    assert.deepEqual(givers.sendTo(decision, program), { kind: "asked" });
    const report = () => givers.report().givers?.[0];
    await until("the program has ended", () => report()?.kind === "done");
    const variables = readFileSync(told, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("TIDEMARK_"));
    assert.deepEqual(variables.toSorted(), [
      "TIDEMARK_ALARM=scarce",
      "TIDEMARK_CGROUP=/user.slice/a?b",
      "TIDEMARK_GRACE_MS=2500",
      "TIDEMARK_NAME=a b?$(id)`id`'\"=",
      "TIDEMARK_PID=4194000",
      "TIDEMARK_PIDS=4194000 4194001",
      "TIDEMARK_REASON=below-watermark",
      "TIDEMARK_RETURNS_KIB=1024",
      "TIDEMARK_START_TICKS=77",
      "TIDEMARK_UID=1000",
    ]);
  });

  it("with more victims than a pipe holds is not run at all", () => {
    const program = aProgram("/usr/bin/env");
    using givers = newGivers();
    givers.act({ kind: "enlist", givers: [program] });
    const members = Array.from({ length: 10_000 }, (_, at) => ({
      pid: pid(4_000_000 + at),
      startTicks: startTicks(1),
    }));
    const group = { kind: "family", name: "job", members } as const;
    const decision = { ...toSignal(victim.identity), group, program };
    assert.deepEqual(givers.sendTo(decision, program), { kind: "unready", why: "not-ready" });
  });
});
