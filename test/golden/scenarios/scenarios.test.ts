import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createStyle } from "#cli/render/style.ts";
import { renderSummary, renderTimeline } from "#cli/render/timeline-text.ts";
import { playScenario } from "#daemon/scenario/play-scenario.ts";
import { summarizeStory, viewTimeline } from "#daemon/views/timeline-view.ts";
import { assertGolden } from "#test/support/golden-file.ts";
import { repositoryRoot } from "#test/support/repository.ts";

const folder = join(repositoryRoot, "test/scenarios");

/** The example configuration: every line of it is a comment, so these are the shipped settings. */
const shipped = { path: join(repositoryRoot, "packaging/tidemark.toml"), overrides: [] };

const plain = createStyle(false);

/** Of a storm, thousands of lines say the same: its beginning and its end are reviewed. */
const mostLines = 160;

function shorten(timeline: string): string {
  const lines = timeline.split("\n");
  const left = lines.length - mostLines;
  if (left <= 0) return timeline;
  const half = mostLines / 2;
  return [...lines.slice(0, half), `… ${left} lines …`, ...lines.slice(-half)].join("\n");
}

describe("the scenarios that come with tidemark", () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".toml"))) {
    it(`${file} ends as it was reviewed`, async () => {
      const played = await playScenario(join(folder, file), shipped);
      assert.ok(played.kind === "story", played.kind === "refused" ? played.text : "");
      const timeline = shorten(renderTimeline(viewTimeline(played.story), plain));
      const summary = renderSummary(summarizeStory(played.story), plain);
      assertGolden(`scenarios/${file.replace(".toml", ".txt")}`, `${played.title}\n\n${timeline}\n\n${summary}\n`);
    });
  }
});
