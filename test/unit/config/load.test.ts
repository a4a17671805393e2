import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Loaded, loadConfig } from "#config/load.ts";
import { milliseconds, seconds } from "#domain/units.ts";

interface Written {
  readonly main?: string;
  readonly dropIns?: readonly string[];
  readonly overrides?: readonly string[];
}

const presets = {
  desktop: 'kill.cool_down = "7s"\n[[rule]]\nverdict = "never"\nname = "from-preset"\n',
  other: 'kill.cool_down = "9s"\n',
};

const load = ({ main = "", dropIns = [], overrides = [] }: Written): Loaded =>
  loadConfig({
    presets,
    files: [{ path: "main.toml", text: main }, ...dropIns.map((text, index) => ({ path: `${index}.toml`, text }))],
    overrides,
  });

const messages = (written: Written): readonly string[] => load(written).problems.map((each) => each.message);

describe("a config", () => {
  it("that is empty holds every default and no problem", () => {
    const { config, problems, isComplete } = loadConfig({ presets: { desktop: "" }, files: [], overrides: [] });
    assert.deepEqual(problems, []);
    assert.ok(isComplete);
    assert.equal(config.kill.term_grace, seconds(3));
    assert.deepEqual(config.headroom.low, { kind: "auto" });
    assert.equal(config[""].preset, "desktop");
  });

  it("is what the last one says, key by key: preset, main file, drop-ins, command line", () => {
    const grace = (written: Written) => load(written).config.kill.cool_down;
    assert.equal(grace({}), seconds(7));
    assert.equal(grace({ main: '[kill]\ncool_down = "2s"' }), seconds(2));
    assert.equal(
      grace({ main: 'kill.cool_down = "2s"', dropIns: ['kill.cool_down = "3s"', "kill.budget = 2"] }),
      seconds(3),
    );
    assert.equal(
      grace({ main: 'kill.cool_down = "2s"', overrides: ["kill.cool_down=4s", "kill.cool_down=5s"] }),
      seconds(5),
    );
  });

  it("builds upon the preset that the strongest source names, or upon none", () => {
    const coolDown = (written: Written) => load(written).config.kill.cool_down;
    assert.equal(coolDown({ main: 'preset = "other"' }), seconds(9));
    assert.equal(coolDown({ main: 'preset = "other"', overrides: ["preset=none"] }), seconds(1));
    assert.equal(coolDown({ main: 'preset = "none"', overrides: ["preset=other"] }), seconds(9));
  });

  it("may do without any preset", () => {
    assert.deepEqual(messages({ overrides: ["preset=none"] }), []);
  });

  it("may spare everything of one user, but not everything of everybody", () => {
    const rule = (conditions: string) => `[[rule]]\nverdict = "never"\n${conditions}\n`;
    assert.deepEqual(messages({ main: rule('name = "*"\nuid = 70') }), []);
    assert.equal(messages({ main: rule('name = "*"\nexe = ["/x", "**"]') }).length, 1);
  });

  it("has the rules of all its sources, each with its origin", () => {
    const { rules } = load({
      main: '[[rule]]\nverdict = "avoid"\nname = "a"\n[[rule]]\nverdict = "prefer"\nuid = 7\nname = ["b", "c"]\n',
      dropIns: ['[[rule]]\nverdict = "only"\ncgroup = "/x"\n'],
    });
    assert.deepEqual(
      rules.map(({ rule }) => rule.origin),
      [
        'preset desktop:2: never name = "from-preset"',
        'main.toml:1: avoid name = "a"',
        'main.toml:4: prefer uid = 7, name = ["b", "c"]',
        '0.toml:1: only cgroup = "/x"',
      ],
    );
  });

  it("shows a rule by its note, where it has one", () => {
    const { rules } = load({ main: '[[rule]]\nverdict = "never"\nnote = "my editor"\nexe = "/usr/bin/editor"\n' });
    assert.equal(rules.at(-1)?.rule.origin, "main.toml:1: never my editor");
  });

  it("takes bare words of the command line for texts, and everything else for what it is in a file", () => {
    const { config, settled, problems } = load({
      overrides: [
        "headroom.low=8%",
        'headroom.min="4%"',
        "stall.enabled=false",
        "kill.budget=3",
        "journal.level=debug",
      ],
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(config.headroom.low, { kind: "share", share: 8 });
    assert.deepEqual(config.headroom.min, { kind: "share", share: 4 });
    assert.equal(settled.get("stall.enabled")?.value, false);
    assert.equal(config.kill.budget, 3);
    assert.equal(config.journal.level, "debug");
  });

  it("can be given rules on the command line", () => {
    const { rules, problems } = load({ overrides: ['rule=[{verdict="only",cgroup="/test/*"}]'] });
    assert.deepEqual(problems, []);
    assert.equal(rules.at(-1)?.rule.origin, '--set: only cgroup = "/test/*"');
    assert.equal(rules.at(-1)?.rule.when.cgroup?.matches("/test/a"), true);
  });

  it("is read to its end: no mistake hides another one", () => {
    const told = messages({
      main: "[kill]\nbudget = 0\nbuget = 1\n[nothing]\n[[rule]]\n",
      dropIns: ["[", "stall.limit = 4"],
    });
    assert.equal(told.length, 7, told.join("\n"));
  });

  it("keeps the default of a setting that was refused, and forgets the refusal when a stronger source repairs it", () => {
    const { config, settled } = load({ main: "kill.term_grace = 1", dropIns: ["kill.budget = 0", "kill.budget = 4"] });
    assert.equal(config.kill.term_grace, milliseconds(3000));
    assert.equal(settled.get("kill.term_grace")?.isRefused, true);
    assert.equal(settled.get("kill.budget")?.isRefused, false);
  });

  it("is not blamed for an order of which one side was refused", () => {
    assert.deepEqual(messages({ main: '[pacing]\nnear = 5\ncalm = "10ms"\n' }).length, 1);
  });

  it("with a rule that is refused keeps the others", () => {
    const { rules } = load({ main: '[[rule]]\nverdict = "never"\n[[rule]]\nverdict = "avoid"\nname = "a"\n' });
    assert.equal(rules.length, 2);
  });

  it("keeps a rule that is only warned about", () => {
    const { rules, problems } = load({ main: '[[rule]]\nverdict = "never"\nexe = "firefox"\n' });
    assert.equal(rules.length, 2);
    assert.equal(problems[0]?.severity, "warning");
  });

  it("may say the same of a process twice only with a warning", () => {
    const rule = (verdict: string) => `[[rule]]\nverdict = "${verdict}"\nname = "a"\nuid = 1\n`;
    const told = (one: string, two: string) => messages({ main: rule(one) + rule(two) }).length;
    assert.equal(told("avoid", "avoid"), 1);
    assert.equal(told("avoid", "prefer"), 1);
    assert.equal(told("never", "only"), 1);
    assert.equal(told("prefer", "never"), 1);
    assert.equal(told("only", "prefer"), 0);
    assert.equal(told("avoid", "only"), 0);
  });

  it("does not confuse rules that differ in one condition", () => {
    const main = '[[rule]]\nverdict = "avoid"\nname = "a"\n[[rule]]\nverdict = "prefer"\nname = "a"\nuid = 1\n';
    assert.deepEqual(messages({ main }), []);
  });
});
