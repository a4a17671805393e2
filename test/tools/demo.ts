import { parseArgs } from "node:util";
import { acts } from "#test/support/demo/act.ts";
import type { Complaints } from "#test/support/demo/play.ts";
import { playLive } from "#test/support/demo/play-live.ts";
import { playSimulated } from "#test/support/demo/play-simulated.ts";

const help = `Usage: npm run demo -- [--act NAME] [--simulated]

Shows tidemark at work: a hog fills memory beside an innocent bystander, and is ended before memory is short.
As root the hogs and the kernel are real. Nobody but the demo's own processes can be chosen: they run as a user of
their own, and a rule makes everybody else ineligible; watermarks are placed around what can be had now, so that
memory is never short. Without root the same story is told by the simulated machine.

  --act NAME    only one of ${acts.map(({ name }) => name).join(", ")}
  --simulated   do not touch this machine, even as root

Ends with exit status 0 when every hog died, every bystander lives and the memory came back.
`;

const { values } = parseArgs({
  options: {
    act: { type: "string" },
    simulated: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<boolean> {
  const isLive = !values.simulated && process.platform === "linux" && process.geteuid?.() === 0;
  if (!isLive && !values.simulated) {
    process.stdout.write(
      "Not root: real processes of another user cannot be started, so this is the simulated machine\n",
    );
  }
  const chosen = acts.filter(({ name }) => values.act === undefined || values.act === name);
  if (chosen.length === 0)
    throw new RangeError(`Cannot play --act ${values.act}: write one of ${acts.map(({ name }) => name).join(", ")}`);
  const verdicts: [string, Complaints][] = [];
  for (const act of chosen) verdicts.push([act.title, await (isLive ? playLive : playSimulated)(act)]);
  process.stdout.write("\n== Verdict\n");
  for (const [title, complaints] of verdicts) {
    const verdict =
      complaints.length === 0
        ? "good: the hog is gone, its memory is back, the bystander lives"
        : `BAD: ${complaints.join("; ")}`;
    process.stdout.write(`${title}\n    ${verdict}\n`);
  }
  return verdicts.every(([, complaints]) => complaints.length === 0);
}

if (values.help) process.stdout.write(help);
else process.exitCode = (await main()) ? 0 : 1;
