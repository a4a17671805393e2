import { parseArgs } from "node:util";
import { guardsOf, type Played, playAll } from "#test/support/corpus/play-all.ts";
import { renderFigures, renderOverview } from "#test/support/corpus/render.ts";

const help = `Usage: npm run scenarios -- [NAME…] [--set KEY=VALUE]… [--figures] [--alone]

Plays every scenario of test/scenarios at every size it is told for, under tidemark and under models of its peers, and
prints who did as expected. Exit status 1 when tidemark did not.

  NAME…            only the scenarios whose names begin so
  --set KEY=VALUE  a setting of tidemark, as in its own --set
  --figures        when tidemark killed, how much was left then, and how long anybody had to wait
  --alone          tidemark only
`;

const hasFailed = ({ outcomes: [first] }: Played): boolean => (first?.disappointments.length ?? 0) > 0;

/** How many stories ended as expected under each guard. */
function countWell(stories: readonly Played[], names: readonly string[]): string {
  const counts = names.map((name, index) => {
    const well = stories.filter(({ outcomes }) => outcomes[index]?.disappointments.length === 0);
    return `${name} ${well.length}`;
  });
  return `As expected, of ${stories.length} stories: ${counts.join(", ")}`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", default: false },
      set: { type: "string", multiple: true, default: [] },
      figures: { type: "boolean", default: false },
      alone: { type: "boolean", default: false },
    },
  });
  const print = (text: string) => process.stdout.write(`${text}\n`);
  if (values.help) {
    print(help);
    return 0;
  }
  const programme = { names: positionals, settings: values.set, hasPeers: !values.alone };
  const began = performance.now();
  const stories = await playAll(programme);
  const guards = guardsOf(programme).map(({ name }) => name);
  print(renderOverview(stories, guards));
  if (values.figures) print(`\n${renderFigures(stories, 0)}`);
  const failed = stories.filter(hasFailed);
  if (failed.length > 0) print(`\nTidemark did not as expected:\n${renderFigures(failed, 0)}`);
  print(`\n${countWell(stories, guards)}; ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return stories.length === 0 || failed.length > 0 ? 1 : 0;
}

process.exitCode = await main();
