import { renderTable } from "#cli/render/table.ts";
import type { Bench, Claim, Report, Table } from "./bench.ts";
import type { Surroundings } from "./surroundings.ts";

/** A bench and what came of it: a report, or why there is none. */
export interface Measured {
  readonly bench: Pick<Bench, "name" | "title">;
  readonly surroundings: Surroundings;
  readonly seconds: number;
  readonly result: Report | { readonly lacking: string };
}

const verdictOf = ({ holds }: Claim): string => (holds ? "holds" : "does not hold");

const isReport = (result: Measured["result"]): result is Report => "tables" in result;

/** Claims, and whether they hold. */
export const claimTable = (claims: readonly Claim[]): Table => ({
  title: "Claims",
  columns: ["claim", "found", ""],
  rows: claims.map((one) => [one.claim, one.found, verdictOf(one)]),
});

const tablesOf = ({ tables, claims }: Report): readonly Table[] => [
  ...tables,
  ...(claims.length === 0 ? [] : [claimTable(claims)]),
];

/** For a terminal. */
export function renderForTerminal({ bench, result, surroundings, seconds }: Measured): string {
  const head = `== ${bench.title} (${seconds.toFixed(0)} s, load ${surroundings.load.toFixed(2)})`;
  if (!isReport(result)) return `${head}\n\nNot measured: ${result.lacking}\n`;
  const tables = tablesOf(result).map(({ title, columns, rows }) => {
    const aligned = columns.map((name, at) => ({ title: name, align: at === 0 ? "left" : "right" }) as const);
    // The last column is the one that wraps: an empty one lets figures stay in their lines, however wide.
    const unwrapped = [...aligned, { title: "", align: "left" } as const];
    return `${title}\n\n${renderTable(unwrapped, rows)}`;
  });
  return `${[head, ...tables, result.method.map((line) => `- ${line}`).join("\n")].join("\n\n")}\n`;
}

/** The page of all benches, in Markdown. */
export function renderPage(all: readonly Measured[], surroundings: Surroundings): string {
  const head = [
    "# Benchmarks",
    "",
    "Written by `npm run bench`; nothing here is edited by hand. Times differ between machines and from day to day: only what",
    "was measured in one run is to be compared. Cells with three numbers are least / median / most.",
    "",
    ...Object.entries(surroundings).map(
      ([name, value]) => `- ${name}: ${typeof value === "number" ? value.toFixed(2) : value}`,
    ),
  ];
  return `${[...head, ...all.flatMap(renderSection)].join("\n")}\n`;
}

function renderSection({ bench, result, surroundings, seconds }: Measured): readonly string[] {
  const head = ["", `## ${bench.title}`, ""];
  if (!isReport(result)) return [...head, `Not measured: ${result.lacking}.`];
  const command = `\`npm run bench:${bench.name}\`; it took ${seconds.toFixed(0)} s, with a load of ${surroundings.load.toFixed(2)} when it began.`;
  return [
    ...head,
    command,
    ...result.method.map((line) => `- ${line}`),
    ...tablesOf(result).flatMap((table) => ["", renderMarkdown(table)]),
  ];
}

/** A table of a page, under its title. */
export const renderMarkdown = ({ title, columns, rows }: Table): string =>
  [
    `**${title}**`,
    "",
    markdownRow(columns),
    markdownRow(columns.map((_, at) => (at === 0 ? "---" : "---:"))),
    ...rows.map(markdownRow),
  ].join("\n");

const markdownRow = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
