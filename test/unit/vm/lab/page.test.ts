import { equal, match } from "node:assert/strict";
import { test } from "node:test";
import { aLabRun, aLabStory } from "#test/support/lab-runs.ts";
import { labSection, labSectionOf, withLabSection } from "#test/vm/lab/page.ts";

const page = "# Benchmarks\n\nsome\n\n## Reaping\n\nfigures\n";
const sectionOf = (story: string): string =>
  labSection({
    stories: [aLabStory(story, { tidemark: [aLabRun()] })],
    guards: ["tidemark"],
    pictures: new Map([["leak", { path: "pictures/leak.svg", shows: "A leak" }]]),
  });
const section = sectionOf("leak");

test("the lab's part is put at the end of a page, and found there again", () => {
  const written = withLabSection(page, section);
  equal(written, `${page}\n${section}`);
  equal(labSectionOf(written), section);
});

test("a newer part takes the place of the older one, wherever that stands", () => {
  const newer = sectionOf("storm");
  equal(
    withLabSection(`# Benchmarks\n\n${section}\n## Reaping\n\nfigures\n`, newer),
    `# Benchmarks\n\n## Reaping\n\nfigures\n\n${newer}`,
  );
});

test("a page without the lab's part stays without it", () => {
  equal(labSectionOf(page), "");
  equal(withLabSection(page, ""), page);
});

test("it says which Linux it is of, and a story that is drawn has its picture above its figures", () => {
  match(section, /and Linux 6\.12\.\n/);
  match(section, /\n### leak\n\n!\[A leak\]\(pictures\/leak\.svg\)\n\n\*\*What leak is\*\*\n\n\| guard \|/);
  match(sectionOf("storm"), /\n### storm\n\n\*\*What storm is\*\*/);
});
