import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadConfig } from "#config/load.ts";
import { mib, seconds } from "#domain/units.ts";

const load = (...texts: readonly string[]) =>
  loadConfig({
    presets: {},
    files: texts.map((text, index) => ({ path: `file-${index}.toml`, text })),
    overrides: ["preset=none"],
  });
const givers = (...texts: readonly string[]) => load(...texts).givers.map((each) => each.giver);
const messages = (text: string) => load(text).problems.map(({ message }) => message);
const giver = (rest: string) => `[[giver]]\nname = "one"\n${rest}`;

describe("givers in a config", () => {
  it("are none unless somebody writes them", () => {
    assert.deepEqual(givers(""), []);
  });

  it("say what they do, each kind in its own words, and have 1 s unless they say otherwise", () => {
    assert.deepEqual(givers(giver('kind = "hook"\nrun = ["/bin/shrink", "-q"]\nuser = "vm"\ntimeout = "500ms"\n')), [
      { name: "one", timeout: 500, means: { kind: "hook", run: ["/bin/shrink", "-q"], user: "vm" } },
    ]);
    assert.deepEqual(givers(giver('kind = "reclaim"\ncgroup = "/background.slice"\namount = "64MiB"\n')), [
      {
        name: "one",
        timeout: seconds(1),
        means: { kind: "reclaim", cgroup: "/background.slice", amount: mib(64) },
      },
    ]);
    assert.deepEqual(givers(giver('kind = "reclaim"\ncgroup = "/a"\namount = "all"\n'))[0]?.means, {
      kind: "reclaim",
      cgroup: "/a",
      amount: "all",
    });
    assert.deepEqual(givers(giver('kind = "drop-caches"\nlevel = 2\n'))[0]?.means, { kind: "drop-caches", level: 2 });
  });

  it("of several files are asked in the order of the files", () => {
    const named = (name: string) => `[[giver]]\nname = "${name}"\nkind = "drop-caches"\nlevel = 1\n`;
    assert.deepEqual(
      givers(named("b") + named("a"), named("c")).map(({ name }) => name),
      ["b", "a", "c"],
    );
  });

  it("of the same name are refused, with the place of the other one", () => {
    const one = giver('kind = "drop-caches"\nlevel = 1\n');
    assert.deepEqual(messages(one + one), [
      'Cannot have two givers called "one": the other one is at file-0.toml:1; rename one of them',
    ]);
  });

  const refused: Readonly<Record<string, readonly [string, RegExp]>> = {
    "a program that is not named by its whole path": ['kind = "hook"\nrun = ["shrink"]', /whole path of "shrink"/],
    "a program in one text with its arguments": ['kind = "hook"\nrun = "/bin/shrink -q"', /a text is not a list/],
    "no program at all": ['kind = "hook"\nrun = []', /it lists nothing/],
    "an argument that is no text": ['kind = "hook"\nrun = ["/bin/shrink", 3]', /not all of it are texts/],
    "an argument with a NUL": ['kind = "hook"\nrun = ["/bin/shrink", "a\\u0000b"]', /holds a NUL/],
    "a cgroup above the hierarchy": ['kind = "reclaim"\ncgroup = "/a/../.."\namount = "all"', /leaves the hierarchy/],
    "a cgroup without its path": ['kind = "reclaim"\ncgroup = "a"\namount = "all"', /not the path of a cgroup/],
    "an amount without a unit": ['kind = "reclaim"\ncgroup = "/a"\namount = 64', /a bare number says no unit/],
    "a level there is not": ['kind = "drop-caches"\nlevel = 4', /there is no such level/],
    "a kind there is not": ['kind = "hok"', /one of "hook", "reclaim", "drop-caches"/],
    "a time that is too long": ['kind = "drop-caches"\nlevel = 1\ntimeout = "2min"', /lies outside/],
    "what another kind would say": ['kind = "drop-caches"\nlevel = 1\nuser = "vm"', /Cannot use user here/],
    "a key nobody knows": ['kind = "drop-caches"\nlevl = 1\nlevel = 1', /no such key; write level/],
    "what it has to say and does not": ['kind = "reclaim"\ncgroup = "/a"', /Cannot use a giver without amount/],
  };
  for (const [claim, [rest, message]] of Object.entries(refused)) {
    it(`refuse ${claim}`, () => {
      const { problems, givers: kept } = load(giver(`${rest}\n`));
      assert.deepEqual(
        problems.map(({ severity }) => severity),
        ["error"],
        problems.map((each) => each.message).join("\n"),
      );
      assert.match(problems[0]?.message ?? "", message);
      assert.deepEqual(kept, []);
    });
  }

  it("are told as every other list when they are no list", () => {
    assert.match(messages('[giver]\nname = "one"\n').join(), /write \[\[giver\]\] above each giver/);
    assert.match(messages('[[giverr]]\nname = "one"\n').join(), /giver/);
  });
});
