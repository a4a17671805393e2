import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defineCommand } from "#cli/command.ts";
import type { Surroundings } from "#cli/run-command-line.ts";
import { runWith } from "./a-command-line.ts";

const draw = defineCommand({
  command: "draw",
  summary: "Tell what is drawn for",
  examples: [["tidemark draw", "draws"]],
  options: {},
  run: ({ output }) => {
    output.print(JSON.stringify(output.screen));
    return "done";
  },
});

const screenWith = async (around: Partial<Surroundings>) =>
  JSON.parse((await runWith(["draw"], [draw], around)).stdout);
const isUnicode = async (environment: Surroundings["environment"]) => (await screenWith({ environment })).isUnicode;

describe("what is drawn for", () => {
  it("shows Unicode where the locale says UTF-8, and where none says so, ASCII", async () => {
    assert.equal(await isUnicode({ LANG: "en_GB.UTF-8" }), true);
    assert.equal(await isUnicode({ LC_CTYPE: "de_DE.utf8" }), true);
    assert.equal(await isUnicode({ LC_ALL: "C", LANG: "en_GB.UTF-8" }), false);
    assert.equal(await isUnicode({ LC_ALL: "", LANG: "en_GB.UTF-8" }), true);
    assert.equal(await isUnicode({ LANG: "C" }), false);
    assert.equal(await isUnicode({}), false);
  });

  it("is as wide as the terminal, but no wider than our lines, and no narrower than can be read", async () => {
    const widthOf = async (columns: number | undefined) => (await screenWith({ columns })).width;
    assert.deepEqual(await Promise.all([80, 300, 12, undefined].map(widthOf)), [80, 100, 50, 100]);
  });
});
