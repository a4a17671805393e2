import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ExplainedSetting, explainConfig } from "#config/explain-config.ts";
import { loadConfig } from "#config/load.ts";
import { aMachine } from "./a-machine.ts";

function explain(text: string, ...overrides: readonly string[]): (setting: string) => ExplainedSetting | undefined {
  const presets = { desktop: 'kill.cool_down = "2s"' };
  const loaded = loadConfig({ presets, files: [{ path: "/etc/t.toml", text }], overrides });
  const rows = explainConfig(loaded, aMachine());
  return (setting) => rows.find((row) => row.setting === setting);
}

const essence = (row: ExplainedSetting | undefined) => row && [row.written, row.resolved, row.origin];

describe("the explanation of a config", () => {
  it("says what was written, what it means on this machine, and where it is from", () => {
    const row = explain('[headroom]\nlow = "10%"\n', "kill.budget=4");
    assert.deepEqual(essence(row("headroom.low")), ['"10%"', '"1.5GiB"', "/etc/t.toml:2"]);
    assert.deepEqual(essence(row("headroom.high")), ['"auto"', '"2.25GiB"', "default"]);
    assert.deepEqual(essence(row("stall.available_below")), ['"auto"', '"1.88GiB"', "default"]);
    assert.deepEqual(essence(row("kill.cool_down")), ['"2s"', '"2s"', "preset desktop:1"]);
    assert.deepEqual(essence(row("kill.budget")), ["4", "4", "--set"]);
    assert.deepEqual(essence(row("preset")), ['"desktop"', '"desktop"', "default"]);
  });

  it("shows the default that stands in for a value that was refused", () => {
    assert.deepEqual(essence(explain("kill.budget = 0")("kill.budget")), ["10", "10", "/etc/t.toml:1"]);
  });

  it("has the options of the chosen policy only", () => {
    assert.ok(explain("")("policy.desktop.adj_nudge"));
    assert.equal(explain('policy.name = "kernel"')("policy.desktop.adj_nudge"), undefined);
  });
});
