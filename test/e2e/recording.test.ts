import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { mib } from "#domain/units.ts";
import { recordingFolder } from "#test/support/a-recording.ts";
import { settings as confinedSettings, hogUid, removeSettings, scarce } from "#test/support/confined-settings.ts";
import { lacksHogs } from "#test/support/needs.ts";
import { killEnds, type Printed, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";
import { program, records, settings, tidemark } from "./cli-program.ts";

const live = { skip: lacksHogs, timeout: 60_000 };

const folder = recordingFolder();
after(() => {
  folder.remove();
  removeSettings();
});

/** What follows from looks, and not from when the daemon came and went. */
const isDecided = ({ event }: Printed): boolean => /^(alarm|kill|victim|memory|sensor|table)\./.test(event);

/** An entry as it was printed, without the one field of it that is an input: the wall clock. */
const withoutTime = ({ time: _, ...entry }: Readonly<Record<string, unknown>>): string => JSON.stringify(entry);

describe("a recording made by the daemon during a real kill", () => {
  /** Has a hog killed that only SIGKILL ends; the answer is what the daemon said. */
  async function recordKill(...options: readonly string[]): Promise<readonly Printed[]> {
    const { hog, end } = await startHog({ size: mib(128), uid: hogUid, ignoresSigterm: true, name: "secret hog" });
    const daemon = startDaemon(["--config", confinedSettings(scarce), ...options]);
    try {
      await daemon.said(...killEnds);
      assert.ok(await hasEnded(hog));
      assert.equal(await daemon.stop(), 0);
      return daemon.entries;
    } finally {
      await daemon.stop("SIGKILL");
      await end();
    }
  }

  it("replays to the same journal, byte for byte but for the wall clock", live, async () => {
    const tape = folder.path();
    const entries = await recordKill("--record", tape, "--names");
    const decided = entries.filter(isDecided);
    const events = decided.map(({ event }) => event);
    for (const event of ["alarm.raised", "victim.signalled", "victim.escalated", "victim.exited"]) {
      assert.ok(events.includes(event), `${event} is not among ${events.join(", ")}`);
    }
    const { status, stdout } = tidemark("replay", tape, "--journal");
    assert.equal(status, 0);
    assert.deepEqual(records(stdout).map(withoutTime), decided.map(withoutTime));
    const ended = entries.find(({ event }) => event === "recording.ended");
    assert.equal(ended?.["file"], tape);
  });

  it("holds no name unless it is asked for, and replays all the same", live, async () => {
    const tape = folder.path();
    await recordKill("--record", tape);
    const text = gunzipSync(readFileSync(tape)).toString();
    assert.doesNotMatch(text, /secret hog/);
    assert.equal(statSync(tape).mode & 0o777, 0o600);
    const [summary] = records(tidemark("replay", tape, "--json").stdout).slice(-1);
    assert.deepEqual([summary?.["schema"], summary?.["verdict"]], ["tidemark.replay/1", "identical"]);
    assert.ok(Number(summary?.["decisions"]) >= 2);
  });

  it("shows what other settings would have done, with exit status 1 when it is something else", live, async () => {
    const tape = folder.path();
    await recordKill("--record", tape);
    const { status, stdout } = tidemark("replay", tape, "--set", "headroom.low=2MiB", "--set", "headroom.min=1MiB");
    assert.equal(status, 1);
    assert.match(stdout, /then, and not now: SIGTERM to \d+ \(task-\d+\)/);
    assert.match(stdout, /: different; then there (?:was|were) \d+, and the first difference is at/);
    for (const line of stdout.split("\n")) assert.ok(Array.from(line).length <= 100, line);
  });
});

describe("tidemark record", () => {
  it("records a dry run of this machine, says how large it is, and never takes another file's place", () => {
    const tape = folder.path();
    const { status, stdout } = tidemark("record", tape, "--for", "1s", "--json", "--config", settings);
    assert.equal(status, 0);
    const [summary] = records(stdout).slice(-1);
    assert.equal(summary?.["schema"], "tidemark.record/1");
    assert.ok(Number(summary?.["looks"]) >= 1);
    const again = tidemark("record", tape, "--for", "1s", "--config", settings);
    assert.deepEqual([again.status, again.stdout], [71, ""]);
    assert.match(again.stderr, /a file of that name is there/);
    assert.equal(tidemark("record", tape, "--for", "1s", "--force", "--config", settings).status, 0);
    assert.match(tidemark("replay", tape).stdout, /0 decisions: identical/);
  });

  it("ends with 71 when the disk takes no more, and what it took is left", () => {
    const tape = folder.path();
    // 512 bytes: Node ignores SIGXFSZ, so that a write is refused with EFBIG.
    const line = `ulimit -f 1; exec "$0" "$@"`;
    const args = ["-c", line, process.execPath, program, "record", tape, "--for", "5s", "--config", settings];
    const { status, stdout } = spawnSync("/bin/sh", args, { encoding: "utf8", timeout: 30_000 });
    assert.equal(status, 71);
    assert.match(stdout, /It ended before its time: the file cannot be written: EFBIG/);
    assert.equal(statSync(tape).size, 512);
  });

  it("to a name with {time} makes another file at each start", () => {
    const file = basename(folder.path());
    const place = dirname(folder.path());
    for (const _ of [1, 2]) {
      assert.equal(tidemark("record", join(place, `${file}-{time}`), "--for", "1s", "--config", settings).status, 0);
    }
    const made = readdirSync(place).filter((name) => name.startsWith(`${file}-`));
    assert.equal(made.length, 2);
    for (const name of made) assert.match(name, /-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/);
  });

  it("can be read up to the moment at which its recorder was killed", { timeout: 60_000 }, async () => {
    const tape = folder.path();
    const child = spawn(process.execPath, [program, "record", tape, "--config", settings], { stdio: "ignore" });
    const exited = once(child, "exit");
    // The first block is written with the settings, before the second look.
    while (!existsSync(tape) || statSync(tape).size === 0) await new Promise((resolve) => setImmediate(resolve));
    child.kill("SIGKILL");
    await exited;
    const { status, stdout } = tidemark("replay", tape);
    assert.equal(status, 0);
    assert.match(stdout, /was cut off: its recorder was killed/);
  });

  it("refuses a time and a size that are none, saying what to write", () => {
    const time = tidemark("record", folder.path(), "--for", "10");
    assert.deepEqual([time.status, time.stdout], [64, ""]);
    assert.match(time.stderr, /Cannot use --for "10": a number says no unit; write "10s"/);
    assert.match(tidemark("record", folder.path(), "--limit", "1KiB").stderr, /outside "1MiB" to "4GiB"/);
  });
});

describe("tidemark replay", () => {
  it("of a file that is no recording ends with 78 and says what is", () => {
    const { status, stdout, stderr } = tidemark("replay", settings);
    assert.deepEqual([status, stdout], [78, ""]);
    assert.match(stderr, /it is no recording of tidemark/);
  });
});
