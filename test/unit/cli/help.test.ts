import { test } from "node:test";
import { commands } from "#cli/commands.ts";
import { renderHelp } from "#cli/help.ts";
import { assertGolden } from "#test/support/golden-file.ts";

test("the help of the program reads as it was reviewed", () => {
  assertGolden("cli/help.txt", `${renderHelp(undefined, commands)}\n`);
});

for (const command of commands) {
  test(`the help of "${command.command}" reads as it was reviewed`, () => {
    assertGolden(`cli/help-${command.command}.txt`, `${renderHelp(command, commands)}\n`);
  });
}
