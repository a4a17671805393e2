import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readScenario, type ScenarioFile } from "#daemon/scenario/scenario-file.ts";
import { gib, mib, milliseconds, oomScoreAdj, seconds } from "#domain/units.ts";

const machine = 'duration = "10s"\nram = "1GiB"\n';

function read(text: string): ScenarioFile {
  const reading = readScenario({ path: "story.toml", text });
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
