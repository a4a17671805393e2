import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { isBad, renderSweep } from "#cli/render/sweep-text.ts";
import { sweepScenario } from "#daemon/scenario/sweep.ts";
import type { Combination } from "#daemon/scenario/sweep-axes.ts";
import { type SweepRow, viewSweepRow } from "#daemon/views/sweep-view.ts";
import { mib, milliseconds, percent } from "#domain/units.ts";
import { assertGolden } from "#test/support/golden-file.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-sweep-"));
after(() => rmSync(folder, { recursive: true }));

const settings = join(folder, "settings.toml");
writeFileSync(settings, 'preset = "none"\n');

/** A leak that ignores SIGTERM, beside an editor. */
function story(name: string, expect = ""): string {
  const path = join(folder, `${name}.toml`);
  const leak = 'anon = "100MiB"\nmemory = [{ kind = "leak", per_second = "150MiB" }]\nignores_sigterm = true\n';
  const text = `title = "${name}"\nduration = "20s"\nram = "1GiB"\n${expect}[[process]]\nname = "editor"\nanon = "200MiB"\n[[process]]\nname = "leaky"\n${leak}`;
  writeFileSync(path, text);
  return path;
}

const combinations: readonly Combination[] = ["40%", "10%"].flatMap((low) =>
  ["leaky", "editor"].map((name) => [
    { key: "headroom.low", value: low },
    { key: "policy.name", value: name === "leaky" ? "desktop" : "largest-rss" },
  ]),
);

async function sweep(path: string, combined = combinations, under = settings): Promise<readonly SweepRow[]> {
  const rows: SweepRow[] = [];
  const tell = (swept: Parameters<typeof viewSweepRow>[0]) => void rows.push(viewSweepRow(swept));
  const refused = await sweepScenario(path, { path: under, overrides: [] }, { combinations: combined, tell });
  assert.equal(refused, undefined);
  return rows;
}

describe("a sweep of settings", () => {
  it("tells of each combination who was killed when, and how near the machine came to its end", async () => {
    const rows = await sweep(story("plain"));
    assert.deepEqual(
      rows.map(({ kills, victims, kernel_kills, panicked }) => ({ kills, victims, kernel_kills, panicked })),
      Array.from({ length: 4 }, () => ({ kills: 1, victims: ["leaky"], kernel_kills: 0, panicked: false })),
    );
    const [early, , late] = rows;
    assert.ok(early?.first_kill_ms !== undefined && late?.first_kill_ms !== undefined);
    assert.ok(early.first_kill_ms < late.first_kill_ms);
    assert.ok((early.least_headroom_kib ?? 0) > (late.least_headroom_kib ?? 0));
    assert.equal(early.wrong_kills, undefined);
    assert.deepEqual(rows.map(isBad), [false, false, false, false]);
  });

  it("counts as wrong whoever the scenario does not name, and everybody where nobody should die", async () => {
    const [one] = combinations;
    assert.ok(one);
    const wrongIn = async (expect: string) => (await sweep(story("expecting", expect), [one]))[0];
    assert.equal((await wrongIn('expect = { victim = "leaky", within = "20s" }\n'))?.wrong_kills, 0);
    const other = await wrongIn('expect = { victim = "editor", within = "20s" }\n');
    const nobody = await wrongIn('expect = { kills = "none" }\n');
    assert.deepEqual([other?.wrong_kills, nobody?.wrong_kills], [1, 1]);
    assert.ok(other && nobody && isBad(other) && isBad(nobody));
  });

  /** Settings under which nobody may be touched. */
  const protecting = join(folder, "protecting.toml");
  writeFileSync(protecting, 'preset = "none"\n[[rule]]\nverdict = "never"\nname = "/^(leaky|editor|shell)$/"\n');

  it("calls it bad when the kernel had to kill", async () => {
    const [row] = await sweep(story("late"), combinations.slice(0, 1), protecting);
    assert.ok(row && (row.kernel_kills > 0 || row.panicked));
    assert.equal(isBad(row), true);
  });

  it("calls it frozen, and bad, when somebody at the machine waited longer than the scenario bears", async () => {
    const shell = '[[process]]\nname = "shell"\nanon = "50MiB"\ninteractive = true\n';
    const bearing = (longest: string) =>
      `swap = { size = "1GiB", per_second = "20MiB" }\nexpect = { victim = "leaky", within = "20s", longest_stall = "${longest}" }\n${shell}`;
    const rowOf = async (longest: string) =>
      (await sweep(story("sitting", bearing(longest)), combinations.slice(0, 1), protecting))[0];
    const [patient, hasty] = [await rowOf("1min"), await rowOf("1ms")];
    assert.ok(patient?.longest_stall_ms !== undefined && hasty !== undefined);
    assert.ok(patient.longest_stall_ms > 1, `${patient.longest_stall_ms}`);
    assert.deepEqual([patient.froze, hasty.froze, isBad(hasty)], [false, true, true]);
    assert.equal((await sweep(story("alone")))[0]?.longest_stall_ms, undefined);
  });

  it("ends at the first combination that is refused, with what is wrong with it", async () => {
    const refused = await sweepScenario(
      story("refused"),
      { path: settings, overrides: [] },
      { combinations: [[{ key: "headroom.lwo", value: "2%" }]], tell: () => assert.fail("nothing can be told") },
    );
    assert.match(refused?.text ?? "", /headroom\.lwo/);
  });

  it("reads as a table as it was reviewed", async () => {
    const expect = 'expect = { victim = "leaky", within = "20s" }\n';
    const rows = await sweep(story("table", expect));
    // Times and sizes are the simulation's business.
    const text = renderSweep(rows).replace(/\d+\.\d\d s|\d+(?:\.\d)? [MG]iB|\d+(?:\.\d)? %/g, (found) =>
      found.replace(/\d/g, "0"),
    );
    assertGolden("cli/sweep.txt", `${text}\n`);
  });

  it("of keys longer than the table is wide has numbers for them, and no line is too long", async () => {
    const keys = ["policy.desktop.newest_grace_period", "alarm.stalling.hold_for_at_least", "headroom.high_watermark"];
    const row: SweepRow = {
      settings: Object.fromEntries(keys.map((key) => [key, "2%"])),
      kills: 1,
      wrong_kills: 0,
      victims: ["somebody"],
      first_kill_ms: milliseconds(123_450),
      kernel_kills: 0,
      panicked: false,
      longest_stall_ms: milliseconds(12_340),
      froze: true,
      worst_stall_percent: percent(99.5),
      least_headroom_kib: mib(1023.4),
    };
    const long = { ...row, settings: Object.fromEntries(keys.map((key) => [key, '"a value of many words"'])) };
    const lines = renderSweep([row, row]).split("\n");
    for (const [at, key] of keys.entries()) assert.equal(lines[at], `#${at + 1}  ${key}`);
    assert.match(lines[4] ?? "", /^#1 +#2 +#3 +first kill/);
    assert.equal(lines.length, 7, lines.join("\n"));
    const wide = renderSweep([long]).split("\n");
    for (const line of [...lines, ...wide]) assert.ok(Array.from(line).length <= 100, line);
  });
});
