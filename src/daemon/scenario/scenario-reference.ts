import type { KeyTable } from "./key-meaning.ts";
import { scenarioKeys } from "./scenario-keys.ts";

const intro = `# Scenarios

This page is made from the code by \`npm run docs\`; do not edit it.

\`tidemark simulate FILE\` plays a scenario: a machine, who lives on it and what they do to its memory, in TOML.
Examples are in \`test/scenarios\`.

| written as | means |
|---|---|
| \`"512MiB"\` | memory, in KiB, MiB, GiB or TiB; \`"30%"\` is a share of RAM, with which one story fits machines of every size |
| \`"250ms"\` | a time, in ms, s, min or h; times at which something happens count from the beginning |
`;

/** The reference of all keys of a scenario, in Markdown. */
export const renderScenarioReference = (): string =>
  [intro, ...Object.values(scenarioKeys).map(renderTable)].join("\n");

const renderTable = ({ heading, summary, keys }: KeyTable): string =>
  [
    `## ${heading}`,
    "",
    summary,
    "",
    "| key | takes | means | left out |",
    "|---|---|---|---|",
    ...Object.entries(keys).map(
      ([key, { takes, means, otherwise }]) =>
        `| \`${key}\` | ${takes} | ${means} | ${otherwise ?? "must be written"} |`,
    ),
    "",
  ].join("\n");
