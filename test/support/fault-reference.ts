import { statedOutcomes } from "./fault-outcomes.ts";

const intro = `# Faults

This page is made from the tests by \`npm run docs\`; do not edit it.

What becomes of tidemark when the kernel refuses what it is asked for, answers late, or not at all. None of it ends the daemon,
stops its looks, or makes it kill anybody else than the one it decided upon. Every line is a test: the fault is injected, and the
journal has to tell what is stated.
`;

/** All faults with their outcomes, in Markdown. */
export const renderFaultReference = (): string =>
  [
    intro,
    "| what goes wrong | what comes of it | the journal tells |",
    "|---|---|---|",
    ...statedOutcomes.map(({ what, outcome, told }) => `| ${what} | ${outcome} | ${eventsOf(told)} |`),
    "",
  ].join("\n");

/** The events without whom they are about, each once. */
const eventsOf = (told: readonly string[]): string =>
  [...new Set(told.map((line) => line.split(" ")[0]))].map((event) => `\`${event}\``).join(", ");
