import { equal, match } from "node:assert/strict";
import { test } from "node:test";
import { labSection, labSectionOf, withLabSection } from "#test/vm/lab/page.ts";

const page = "# Benchmarks\n\nsome\n\n## Reaping\n\nfigures\n";
const section = labSection("### thrash\n\n| guard |", "6.12");

test("the lab's part is put at the end of a page, and found there again", () => {
  const written = withLabSection(page, section);
  equal(written, `${page}\n${section}`);
  equal(labSectionOf(written), section);
});

test("a newer part takes the place of the older one, wherever that stands", () => {
  const newer = labSection("### other", "6.1");
  equal(
    withLabSection(`# Benchmarks\n\n${section}\n## Reaping\n\nfigures\n`, newer),
    `# Benchmarks\n\n## Reaping\n\nfigures\n\n${newer}`,
  );
});

test("a page without the lab's part stays without it", () => {
  equal(labSectionOf(page), "");
  equal(withLabSection(page, ""), page);
});

test("tables of a story are within the lab's part", () => {
  match(labSectionOf(withLabSection(page, section)), /### thrash/);
});
