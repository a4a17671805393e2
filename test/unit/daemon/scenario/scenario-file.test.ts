import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDocument } from "#config/document.ts";
import { readScenario, type ScenarioFile } from "#daemon/scenario/scenario-file.ts";
import { gib, type KiB, mib, milliseconds, oomScoreAdj, seconds } from "#domain/units.ts";

const machine = 'duration = "10s"\nram = "1GiB"\n';

function read(text: string, ram?: KiB): ScenarioFile {
  const reading = readScenario({ path: "story.toml", text }, ram);
  if (reading.kind === "scenario") return reading;
  return assert.fail(reading.problems.map(({ message }) => message).join("\n"));
}

function refusals(text: string): readonly string[] {
  const reading = readScenario({ path: "story.toml", text });
  return reading.kind === "refused" ? reading.problems.map(({ message }) => message) : [];
}

describe("a scenario file", () => {
  it("is a machine and its processes, and nothing that was not written", () => {
    const { title, scenario } = read(`${machine}[[process]]\nname = "hog"\n`);
    assert.equal(title, "story.toml");
    assert.deepEqual(scenario, {
      seed: 1,
      duration: seconds(10),
      ram: gib(1),
      processes: [{ name: "hog", memory: [] }],
    });
  });

  it("says how a process grows, ends and dies", () => {
    const { scenario } = read(`${machine}
[[process]]
name = "hog"
anon = "64MiB"
oom_score_adj = -500
memory = [{ kind = "steady", for = "1s" }, { kind = "spike", by = "1GiB", per_second = "2GiB", hold = "250ms" }]
exits_after = "2s"
exit = { after = "5ms", per_gib = "70ms" }
`);
    assert.deepEqual(scenario.processes[0], {
      name: "hog",
      anon: mib(64),
      oomScoreAdj: oomScoreAdj(-500),
      memory: [
        { kind: "steady", for: seconds(1) },
        { kind: "spike", by: gib(1), perSecond: gib(2), hold: milliseconds(250) },
      ],
      onSigterm: { kind: "exits", after: seconds(2) },
      onExit: { after: milliseconds(5), perGiB: milliseconds(70) },
    });
  });

  it("is refused with everything that is wrong, each with the nearest right word", () => {
    const told = refusals(`duration = 10\nrom = "1GiB"\n[[process]]\nnmae = "hog"\nmemory = [{ kind = "rapm" }]\n`);
    const wanted = [
      /duration.*no unit/,
      /"rom".*write ram/,
      /without ram/,
      /"nmae".*write name/,
      /without name/,
      /kind.*"rapm"/,
    ];
    for (const pattern of wanted)
      assert.ok(
        told.some((message) => pattern.test(message)),
        `${pattern} in ${told.join("\n")}`,
      );
  });

  it("for several sizes of RAM is played at the first, or at the one that is asked for", () => {
    const text = 'duration = "10s"\nram = ["16GiB", "1GiB"]\n[[process]]\nname = "hog"\nanon = "25%"\n';
    const [first, second] = [read(text), read(text, gib(1))];
    assert.deepEqual(first.sizes, [gib(16), gib(1)]);
    assert.deepEqual([first.scenario.ram, first.scenario.processes[0]?.anon], [gib(16), gib(4)]);
    assert.deepEqual([second.scenario.ram, second.scenario.processes[0]?.anon], [gib(1), mib(256)]);
  });

  it("may want several times the RAM there is, in shares of it", () => {
    const { scenario } = read(
      `${machine}[[process]]\nname = "hog"\nmemory = [{ kind = "ramp", by = "300%", per_second = "10%" }]\n`,
    );
    assert.deepEqual(scenario.processes[0]?.memory, [{ kind: "ramp", by: gib(3), perSecond: mib(102.4) }]);
    assert.match(refusals(`${machine}[[process]]\nname = "hog"\nanon = "-1%"\n`).join(), /anon.*outside "0%"/);
  });

  it("without a size of RAM in its list is refused", () => {
    assert.match(refusals('duration = "10s"\nram = []\n[[process]]\nname = "hog"\n').join(), /ram.*empty list/);
  });

  it("may say under which settings it is told, which are read as those of a file", () => {
    const hog = '[[process]]\nname = "hog"\n';
    assert.equal(read(`${machine}${hog}`).settings, undefined);
    const { settings } = read(`${machine}${hog}[settings]\nheadroom.low = "9%"\n[[settings.memcg]]\npath = "/app"\n`);
    assert.equal(settings?.path, "settings of story.toml");
    const document = parseDocument(settings ?? { path: "", text: "" });
    assert.ok(document.kind === "document");
    assert.deepEqual(JSON.parse(JSON.stringify(document.document.table)), {
      headroom: { low: "9%" },
      memcg: [{ path: "/app" }],
    });
    assert.match(refusals(`${machine}settings = "low"\n${hog}`).join(), /settings.*not a table/);
  });

  it("says how it has to end: with nobody killed, or with one victim in time", () => {
    const hog = '[[process]]\nname = "hog"\n';
    assert.equal(read(`${machine}${hog}`).expectation, undefined);
    assert.deepEqual(read(`${machine}expect = { kills = "none" }\n${hog}`).expectation, { kind: "no-kill" });
    assert.deepEqual(read(`${machine}expect = { victim = "hog", within = "5s" }\n${hog}`).expectation, {
      kind: "kill",
      victim: "hog",
      within: seconds(5),
      atMost: 1,
      hasTime: false,
      longestStall: seconds(1),
    });
  });

  it("that expects both no kill and a victim, or a victim whenever, is refused", () => {
    const hog = '[[process]]\nname = "hog"\n';
    const told = (expect: string) => refusals(`${machine}expect = ${expect}\n${hog}`).join();
    assert.match(told('{ kills = "none", victim = "hog" }'), /"victim"/);
    assert.match(told('{ victim = "hog" }'), /without within/);
    assert.match(told('{ kills = "one" }'), /kills.*"none"/);
  });

  it("without a process is refused: nothing would happen", () => {
    assert.match(refusals(machine).join(), /without a process/);
  });

  it("that is no TOML is refused with its place", () => {
    assert.match(refusals("duration = \n").join(), /as TOML/);
  });

  it("with a table where a list belongs, or a list where a table belongs, is refused", () => {
    assert.match(refusals(`${machine}[process]\nname = "hog"\n`).join(), /not a list of tables/);
    assert.match(refusals(`${machine}swap = "1GiB"\n[[process]]\nname = "hog"\n`).join(), /swap.*not a table/);
  });
});
