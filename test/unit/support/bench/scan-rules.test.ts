import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { loadConfig } from "#config/load.ts";
import { settingsWithRules } from "#test/support/bench/scan-rules.ts";

describe("the rules of the scan bench", () => {
  for (const count of [0, 50]) {
    it(`are ${count} that the daemon accepts without a word`, () => {
      const text = settingsWithRules(count);
      const loaded = loadConfig({ presets: {}, files: [{ path: "settings.toml", text }], overrides: [] });
      assert.deepEqual(loaded.problems, []);
      assert.equal(loaded.rules.length, count);
    });
  }
});
