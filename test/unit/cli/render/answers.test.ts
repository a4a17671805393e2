import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { renderRules, renderSettings } from "#cli/render/check-text.ts";
import { renderProcess, renderRanking } from "#cli/render/ranking-text.ts";
import { renderStatus } from "#cli/render/status-text.ts";
import { createStyle } from "#cli/render/style.ts";
import { renderSummary, renderTimeline } from "#cli/render/timeline-text.ts";
import type { AskedView, ProcessView } from "#daemon/views/explain-view.ts";
import type { UnitView } from "#daemon/views/unit-view.ts";
import { cgroupPath, gib, mib, milliseconds, pid, seconds } from "#domain/units.ts";
import { assertGolden } from "#test/support/golden-file.ts";
import { evil, plenty, process, ranking, rankingInMemcg, rankingOnNodes, scarce } from "./answer-samples.ts";
import { story, summary } from "./story-samples.ts";

const plain = createStyle(false);

const { place: _, candidate: __, oom_group: ___, family: ____, asked: _____, unit: ______, ...withoutPlace } = process;

const manners: readonly AskedView[] = [
  { signal: "SIGTERM", grace_ms: seconds(20), program: "/usr/local/bin/save --now" },
  { signal: "SIGINT", grace_ms: milliseconds(500) },
  { signal: "SIGKILL", grace_ms: seconds(5) },
];

const other = (id: number, comm: string) => ({ pid: pid(id), comm });

const units: readonly UnitView[] = [
  { kill_unit: "family", processes: 2, returns_kib: mib(300), others: [other(51, "cc1plus")] },
  {
    kill_unit: "app",
    processes: 9,
    returns_kib: gib(3),
    memcg: cgroupPath("/user.slice/app.slice/app-browser.scope"),
    others: Array.from({ length: 8 }, (_item, n) => other(60 + n, n === 2 ? evil.comm : `tab-${n}`)),
  },
  { kill_unit: "memcg", processes: 3, returns_kib: mib(90), others: [other(70, "worker"), other(71, "worker")] },
];

/** Every answer by the name of its golden file. */
const answers: Readonly<Record<string, string>> = {
  ranking: renderRanking(ranking, 2, plain),
  "ranking-of-nobody": renderRanking({ ...ranking, eligible: 0, ranking: [], is_complete: true }, 20, plain),
  "ranking-in-memcg": renderRanking(rankingInMemcg, 2, plain),
  "ranking-on-nodes": renderRanking(rankingOnNodes, 1, plain),
  process: renderProcess(process, plain),
  "process-asked": manners
    .map((asked): ProcessView => ({ ...process, rules: [], asked }))
    .map((view) => renderProcess(view, plain))
    .join("\n\n"),
  "process-with-unit": units
    .map((unit): ProcessView => ({ ...process, rules: [], family: undefined, unit }))
    .map((view) => renderProcess(view, plain))
    .join("\n\n"),
  "ranking-with-unit": renderRanking({ ...ranking, unit: units[1] }, 2, plain),
  "process-in-group": renderProcess(
    { ...process, scope: rankingInMemcg.scope, oom_group: rankingInMemcg.oom_group, family: undefined },
    plain,
  ),
  "process-ineligible": renderProcess(
    {
      ...withoutPlace,
      comm: evil.comm,
      exe: undefined,
      memcg: undefined,
      rss_kib: undefined,
      rules: [],
      verdict: "ineligible",
      why: "rule-never",
      rule: 'preset desktop:9 never name = "Xorg"',
      guard: undefined,
    },
    plain,
  ),
  "process-guarded": renderProcess(
    {
      ...withoutPlace,
      comm: "gnome-shell",
      exe: "/usr/bin/gnome-shell",
      memcg: cgroupPath("/user.slice/user-1000.slice/user@1000.service/session.slice/org.gnome.Shell@wayland.service"),
      rules: [],
      verdict: "ineligible",
      why: "guarded",
      rule: undefined,
      guard: { role: "compositor", by: "program" },
    },
    plain,
  ),
  "status-plenty": renderStatus(plenty, plain),
  "status-scarce": renderStatus(scarce, plain),
  "check-settings": renderSettings([
    {
      setting: "headroom.low",
      written: '"8%"',
      resolved: "1.9GiB",
      origin: "/etc/tidemark/tidemark.toml:12",
      summary: "",
    },
    { setting: "policy.name", written: '"desktop"', resolved: '"desktop"', origin: "default", summary: "" },
  ]),
  "check-rules": renderRules(
    [
      {
        rule: 'preset desktop:9 never name = "Xorg"',
        verdict: "never",
        matches: 0,
        unknown: 0,
        examples: [],
        overruled: undefined,
        spared: undefined,
      },
      {
        rule: "mine:1 prefer uid = 1000",
        verdict: "prefer",
        matches: 41,
        unknown: 0,
        examples: ["bash", "a\u001b[0m", "vi"],
        overruled: { processes: 2, by: 'preset desktop:9: never name = "bash"' },
        spared: undefined,
      },
      {
        rule: "mine:7 first uid = 1000",
        verdict: "first",
        matches: 12,
        unknown: 0,
        examples: ["editor", "gnome-shell", "Xwayland"],
        overruled: { processes: 1, by: 'mine:9: never name = "editor"' },
        spared: { processes: 4, examples: ["gnome-shell", evil.comm, "bash"], for_good: false },
      },
      {
        rule: 'mine:8 prefer name = "sway"',
        verdict: "prefer",
        matches: 1,
        unknown: 0,
        examples: ["sway"],
        overruled: undefined,
        spared: { processes: 1, examples: ["sway"], for_good: true },
      },
      {
        rule: 'mine:5 avoid cmdline = "*browser*"',
        verdict: "avoid",
        matches: 0,
        unknown: 2,
        examples: [],
        overruled: undefined,
        spared: undefined,
      },
    ],
    plain,
  ),
  timeline: renderTimeline(story, plain),
  summaries: [
    renderSummary(summary, plain),
    renderSummary({ ...summary, kills: 0, victims: 0, kernel_kills: 2 }, plain),
    renderSummary({ ...summary, kills: 2, victims: 61 }, plain),
    renderSummary({ ...summary, panicked: true }, plain),
  ].join("\n"),
};

for (const [name, text] of Object.entries(answers)) {
  test(`the answer "${name}" reads as it was reviewed`, () => assertGolden(`cli/${name}.txt`, `${text}\n`));
}

test("no answer has a line of more than 100 characters, or a control byte of a stranger in it", () => {
  for (const [name, text] of Object.entries(answers)) {
    for (const line of text.split("\n")) {
      assert.ok(Array.from(line).length <= 100, `${name}: ${line}`);
      assert.doesNotMatch(line, /\p{Cc}/u, name);
    }
  }
});

test("an answer without its colours says the same", () => {
  const colored = createStyle(true);
  assert.equal(stripVTControlCharacters(renderStatus(scarce, colored)), answers["status-scarce"]);
  assert.equal(stripVTControlCharacters(renderRanking(ranking, 2, colored)), answers["ranking"]);
  assert.notEqual(renderStatus(scarce, colored), answers["status-scarce"]);
});
