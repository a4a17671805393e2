import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { Replay } from "#daemon/recording/replay.ts";
import { replayFile } from "#daemon/recording/replay-file.ts";
import { summarizeReplay, viewReplay } from "#daemon/views/replay-view.ts";
import { known, knownValue } from "#domain/snapshot.ts";
import { cgroupPath, gib, kib, lessened, mib, milliseconds, seconds } from "#domain/units.ts";
import { encodeJson } from "#journal/encode-json.ts";
import type { Entry } from "#journal/entry.ts";
import { withDryRun } from "#machine/dry-run.ts";
import type { Machine } from "#machine/machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { recordingFolder, type Taping, tape } from "#test/support/a-recording.ts";

const folder = recordingFolder();
after(() => folder.remove());

const leak = aMachine()
  .withRam(gib(2))
  .withFileCache(mib(300))
  .withProcess("editor", { anon: mib(400) })
  .withProcess("leaky", { anon: mib(100), memory: [{ kind: "leak", perSecond: mib(150) }] })
  .lasting(seconds(30));

/** The machine loses half of its RAM, of which nothing was used. */
const shrinking = (machine: Machine): Machine => ({
  ...machine,
  sense(look) {
    const snapshot = machine.sense(look);
    const meminfo = knownValue(snapshot.meminfo);
    if (meminfo === undefined || machine.now() < seconds(2)) return snapshot;
    const available = kib(lessened(meminfo.available ?? meminfo.free, gib(1)));
    return { ...snapshot, meminfo: known({ ...meminfo, total: gib(1), available }) };
  },
});

const record = async (taping: Omit<Taping, "path"> = {}) => {
  const path = folder.path();
  return { path, entries: await tape(leak, { path, ...taping }) };
};

async function replayed(path: string, overrides: readonly string[] = []): Promise<Replay> {
  const answer = await replayFile(path, { path: undefined, overrides });
  return answer.kind === "replay" ? answer.replay : assert.fail(answer.text);
}

/** The journal as it is printed, without the wall clock: the one thing in it that is an input. */
function journalOf(entries: readonly Entry[]): readonly string[] {
  return entries.map((entry) => encodeJson({ ...entry, wallTime: 0 }));
}

const victimsIn = ({ entries }: Replay) =>
  entries.filter(({ event }) => event === "victim.signalled" || event === "kill.rehearsed");

describe("a replay", () => {
  it("under the settings of then decides the same, byte for byte of the journal", async () => {
    const { path, entries } = await record();
    const replay = await replayed(path);
    assert.equal(victimsIn(replay).length, 1);
    assert.deepEqual(journalOf(replay.entries), journalOf(entries));
    const summary = summarizeReplay(replay);
    assert.equal(summary.verdict, "identical");
    assert.equal(summary.decisions, summary.recorded_decisions);
    assert.ok(summary.decisions >= 2);
  });

  it("follows a reload that was recorded, at the very look it came into force", async () => {
    const reload = { at: 3000, settings: ["headroom.low=900MiB"] };
    const { path, entries } = await record({ reload });
    assert.notDeepEqual(journalOf(entries), journalOf((await record()).entries));
    const replay = await replayed(path);
    assert.deepEqual(journalOf(replay.entries), journalOf(entries));
    assert.equal(summarizeReplay(replay).verdict, "identical");
  });

  it("of a machine that was resized says so when the daemon did, and goes on by the settings resolved anew", async () => {
    const { path, entries } = await record({ through: shrinking });
    assert.equal(entries.filter(({ event }) => event === "machine.resized").length, 1);
    const replay = await replayed(path);
    assert.deepEqual(journalOf(replay.entries), journalOf(entries));
    assert.equal(summarizeReplay(replay).verdict, "identical");
  });

  it("of a machine that became too small for the settings keeps the last that fitted, and says that once", async () => {
    const settings = ["headroom.low=1GiB", "headroom.high=1200MiB"];
    const { path, entries } = await record({ through: shrinking, settings });
    assert.equal(entries.filter(({ event }) => event === "config.refused").length, 1);
    const replay = await replayed(path);
    assert.deepEqual(journalOf(replay.entries), journalOf(entries));
    assert.equal(summarizeReplay(replay).verdict, "identical");
  });

  for (const hasNames of [true, false]) {
    it(`of an alarm in a memcg decides the same inside it, ${hasNames ? "byte for byte" : "without names as well"}`, async () => {
      const inside = cgroupPath("/ci.service/job");
      const path = folder.path();
      const entries = await tape(
        aMachine()
          .withRam(gib(4))
          .withCgroup(cgroupPath("/ci.service"), gib(1))
          .withProcess("neighbour", { anon: gib(2) })
          .withProcess("postgres", { anon: mib(200), cgroup: inside })
          .withProcess("tests", { cgroup: inside, memory: [{ kind: "leak", perSecond: mib(100) }] })
          .lasting(seconds(20)),
        { path, hasNames, file: '[[memcg]]\npath = "/ci.service"\n' },
      );
      const replay = await replayed(path);
      const [victim] = replay.decisions.filter(({ kind }) => kind === "signal");
      assert.ok(victim?.kind === "signal");
      const [comm, memcg] = hasNames ? ["tests", "/ci.service"] : ["task-8", "/memcg-1"];
      assert.deepEqual([victim.victim.comm, victim.alarm.memcg], [comm, memcg]);
      if (hasNames) assert.deepEqual(journalOf(replay.entries), journalOf(entries));
      assert.equal(summarizeReplay(replay).verdict, "identical");
    });
  }

  it("without names follows givers that were asked, whose settings it has", async () => {
    const file = '[[giver]]\nname = "cold"\nkind = "reclaim"\ncgroup = "/background.slice"\namount = "all"\n';
    const { path } = await record({ file, hasNames: false });
    const summary = summarizeReplay(await replayed(path));
    assert.deepEqual([summary.verdict, summary.ended], ["identical", "ended"]);
    assert.ok(summary.decisions > 2);
  });

  it("asks no giver that was left out then", async () => {
    const file = '[[giver]]\nname = "cache"\nkind = "hook"\nrun = ["/bin/true"]\n';
    const distrusting = await record({ file, distrusts: ["cache"] });
    assert.equal(summarizeReplay(await replayed(distrusting.path)).verdict, "identical");
    const asking = await record({ file });
    assert.notDeepEqual(journalOf(asking.entries), journalOf(distrusting.entries));
    assert.equal(summarizeReplay(await replayed(asking.path)).verdict, "identical");
  });

  it("of a dry run decides the same", async () => {
    const { path, entries } = await record({ through: withDryRun });
    const replay = await replayed(path);
    assert.deepEqual(journalOf(replay.entries), journalOf(entries));
    assert.equal(summarizeReplay(replay).verdict, "identical");
  });

  it("without names decides the same where no rule asks for them", async () => {
    const { path } = await record({ hasNames: false });
    const replay = await replayed(path);
    const summary = summarizeReplay(replay);
    assert.deepEqual([summary.verdict, summary.unjudged_rules], ["identical", 0]);
    assert.match(String(victimsIn(replay)[0]?.sentence), /task-\d/);
  });

  it("without names says how many rules it cannot judge", async () => {
    const file = '[[rule]]\nverdict = "never"\nname = "leaky"\n';
    const { path } = await record({ file, hasNames: false });
    const summary = summarizeReplay(await replayed(path));
    assert.deepEqual([summary.verdict, summary.unjudged_rules], ["different", 1]);
    const named = await record({ file });
    assert.equal(summarizeReplay(await replayed(named.path)).verdict, "identical");
  });

  it("under settings that would have acted earlier shows when, and that nobody knows what would have followed", async () => {
    const { path, entries } = await record();
    const replay = await replayed(path, ["headroom.low=800MiB"]);
    const summary = summarizeReplay(replay);
    assert.equal(summary.verdict, "different");
    const [would] = viewReplay(replay).filter((row) => row.source === "tidemark" && row.event === "kill.rehearsed");
    const [was] = entries.filter(({ event }) => event === "victim.signalled");
    assert.ok(would && was && would.at_ms < was.wallTime - 1000, `${would?.at_ms} ${was?.wallTime}`);
    assert.equal(summary.unknown_from_ms, would.at_ms);
    assert.equal(summary.first_difference_ms, would.at_ms);
  });

  it("under settings that would not have acted ends where somebody was signalled then", async () => {
    const { path, entries } = await record();
    const replay = await replayed(path, ["headroom.low=60MiB", "stall.enabled=false"]);
    const summary = summarizeReplay(replay);
    assert.deepEqual([summary.verdict, summary.ended], ["different", "left"]);
    const [was] = entries.filter(({ event }) => event === "victim.signalled");
    assert.ok(was && Math.abs(summary.lasted_ms - was.wallTime) < 100, `${summary.lasted_ms} ${was?.wallTime}`);
    assert.deepEqual(
      viewReplay(replay).flatMap((row) => (row.source === "recorded" ? [row.message.replace(/\d+/, "N")] : [])),
      ["SIGTERM to N (leaky)"],
    );
    assert.deepEqual(victimsIn(replay), []);
  });

  it("under settings that do the same for other reasons, or with other pauses, says so", async () => {
    const { path } = await record();
    const verdict = async (...overrides: readonly string[]) => summarizeReplay(await replayed(path, overrides)).verdict;
    assert.equal(await verdict("kill.cool_down=9s", "kill.budget=77"), "identical");
    assert.equal(await verdict("policy.name=kernel"), "same-acts");
    assert.equal(await verdict("pacing.near=19ms"), "same-acts");
  });

  it("under settings that ask for facts that were not read holds the last ones, and says so", async () => {
    const { path } = await record({ settings: ["stall.enabled=false", "thrash.enabled=false"] });
    const replay = await replayed(path, ["stall.enabled=true"]);
    assert.ok(summarizeReplay(replay).held_facts.includes("pressure"));
  });

  it("under settings that look more seldom passes looks by", async () => {
    const { path } = await record({ settings: ["pacing.calm=100ms", "pacing.fastest_fill=64MiB"] });
    const [then, now] = [await replayed(path), await replayed(path, ["pacing.calm=2s"])];
    const calm = ({ curve }: Replay) => curve.filter(({ at }) => at < seconds(3)).length;
    assert.ok(calm(now) * 5 < calm(then), `${calm(now)} ${calm(then)}`);
    for (const [at, point] of now.curve.entries()) assert.ok(point.at >= (now.curve[at - 1]?.at ?? milliseconds(0)));
  });

  it("under settings that are refused says what is wrong with them", async () => {
    const { path } = await record();
    const answer = await replayFile(path, { path: undefined, overrides: ["headroom.lwo=1GiB"] });
    assert.match(answer.kind === "refused" ? answer.text : answer.kind, /headroom\.lwo.*low/s);
  });

  it("of what is no recording says so", async () => {
    const none = await replayFile("/dev/null", { path: undefined, overrides: [] });
    assert.match(none.kind === "refused" ? none.text : none.kind, /"\/dev\/null": it is no recording/);
    const absent = await replayFile("/no/such.tape", { path: undefined, overrides: [] });
    assert.match(absent.kind === "refused" ? absent.text : absent.kind, /ENOENT; name a file that exists/);
  });
});
