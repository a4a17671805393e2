import { parseArgs } from "node:util";
import { galleryMachines } from "#test/support/gallery/machines.ts";
import { renderMachine, renderTableOf } from "#test/support/gallery/render.ts";

const help = `Usage: npm run gallery -- [NAME…] [--all]

Prints whom tidemark with its shipped settings takes first on each machine of test/fixtures/gallery, and whom others would
take: +N go along, ! somebody of the session is among them.

  NAME…   only the machines whose names begin so, with their first five victims and who is guarded
  --all   the same of all
`;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", default: false }, all: { type: "boolean", default: false } },
  });
  const print = (text: string) => process.stdout.write(`${text}\n`);
  if (values.help) {
    print(help);
    return 0;
  }
  const isWanted = ({ name }: { readonly name: string }): boolean =>
    positionals.length === 0 || positionals.some((prefix) => name.startsWith(prefix));
  const machines = galleryMachines().filter(isWanted);
  if (values.all || positionals.length > 0) print(machines.map(renderMachine).join("\n"));
  print(renderTableOf(machines));
  return machines.length === 0 ? 1 : 0;
}

process.exitCode = main();
