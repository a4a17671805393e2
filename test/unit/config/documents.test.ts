import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { renderExample } from "#config/example.ts";
import { loadConfig } from "#config/load.ts";
import { renderReference } from "#config/reference.ts";
import { settingName } from "#config/schema.ts";
import { sections } from "#config/sections.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { shippedPresets } from "./shipped-presets.ts";

const load = (text: string) =>
  loadConfig({ presets: shippedPresets(), files: [{ path: "tidemark.toml", text }], overrides: [] });

const settings = Object.entries(sections).flatMap(([section, each]) =>
  Object.entries(each.settings).map(([key, setting]) => ({ key, name: settingName(section, key), setting })),
);

describe("the example file", () => {
  it("changes nothing as it is", () => {
    assert.deepEqual(load(renderExample()).config, load("").config);
    assert.equal(load(renderExample()).rules.length, load("").rules.length);
  });

  it("changes nothing either when the # of every setting is removed, and sets each of them", () => {
    const { config, problems, settled, rules } = load(renderExample().replaceAll(/^#(?=\S)/gm, ""));
    assert.deepEqual(problems, []);
    assert.deepEqual(config, load("").config);
    for (const { name } of settings) assert.notEqual(settled.get(name)?.place, undefined, name);
    assert.equal(rules.length, load("").rules.length + 3);
  });

  it("has no line above 100 columns", () => {
    for (const line of renderExample().split("\n")) assert.ok(line.length <= 100, line);
  });

  it("is the one that is shipped", () => {
    assert.equal(readFileSync(join(repositoryRoot, "packaging/tidemark.toml"), "utf8"), renderExample());
  });
});

describe("the reference", () => {
  it("says of each setting what it takes, its default and why", () => {
    const reference = renderReference();
    for (const { name, setting } of settings) {
      assert.ok(reference.includes(`### \`${name}\``), name);
      assert.ok(reference.includes(setting.because), name);
      assert.ok(reference.includes(`Takes ${setting.type.wants}`), name);
    }
  });

  it("is the one that is shipped", () => {
    assert.equal(readFileSync(join(repositoryRoot, "packaging/settings.md"), "utf8"), renderReference());
  });
});

describe("the schema", () => {
  it("has a default for each setting that is a value of its own type and shown as it is written", () => {
    for (const { name, setting } of settings) {
      const read = setting.type.read(setting.default);
      assert.equal(read.kind === "value" && setting.type.show(read.value), JSON.stringify(setting.default), name);
    }
  });

  it("never takes a bare number for memory or time", () => {
    const withUnits = settings.filter(({ setting }) => /^a (size|time|share)|"auto", a size/.test(setting.type.wants));
    assert.ok(withUnits.length >= 15);
    for (const { name, setting } of withUnits) {
      for (const bare of [0, 1, 10, 1.5, "10"]) assert.equal(setting.type.read(bare).kind, "refused", name);
    }
  });

  it("says why every default is the default, in one phrase", () => {
    for (const { name, setting } of settings) assert.match(setting.because, /^\S.{10,}[^.]$/, name);
  });
});
