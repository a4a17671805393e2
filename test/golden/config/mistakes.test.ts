import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compilePlan } from "#config/compile.ts";
import { renderProblems } from "#config/diagnostics.ts";
import { loadConfig } from "#config/load.ts";
import { assertGolden } from "#test/support/golden-file.ts";
import { aMachine } from "#test/unit/config/a-machine.ts";
import { shippedPresets } from "#test/unit/config/shipped-presets.ts";
import { type Mistake, mistakes } from "./mistakes.ts";

function say({ file, dropIn, overrides = [], swapGiB = 0, hasPressure = true }: Mistake): string {
  const files = [
    { path: "/etc/tidemark/tidemark.toml", text: file },
    { path: "/etc/tidemark/tidemark.d/50-local.toml", text: dropIn },
  ].flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
  const loaded = loadConfig({ presets: shippedPresets(), files, overrides });
  const compiled = compilePlan(loaded, aMachine({ ramGiB: 16, swapGiB, hasPressure }));
  return renderProblems(compiled.kind === "plan" ? compiled.warnings : compiled.problems);
}

const said = mistakes.map((mistake) => ({ title: mistake.title, text: say(mistake) }));
const rendered = said.map(({ title, text }) => `### ${title}\n${text}`).join("\n");

describe("every mistake in a config", () => {
  it("is told in the words of the golden file (UPDATE_GOLDEN=1 rewrites it)", () => {
    assertGolden("config/mistakes.txt", rendered);
  });

  it("is told at all, in lines of at most 100 columns", () => {
    for (const { title, text } of said) {
      assert.notEqual(text, "", title);
      for (const line of text.split("\n")) assert.ok(Array.from(line).length <= 100, `${title}: ${line}`);
    }
  });

  it("is told by a message of its own", () => {
    assert.equal(new Set(said.map(({ text }) => text)).size, mistakes.length);
  });

  it("is told in the house grammar: what was attempted, a colon, what was found; no contraction, no final period", () => {
    const loaded = said.flatMap(({ text }) => text.split("\n").filter((line) => /: (error|warning): /.test(line)));
    for (const line of loaded) {
      assert.match(line, /: (error|warning): Cannot [a-z]/);
      assert.doesNotMatch(line, /n't|\.$/);
    }
  });
});
