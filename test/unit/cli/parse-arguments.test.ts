import assert from "node:assert/strict";
import { test } from "node:test";
import { defineCommand } from "#cli/command.ts";
import { SystemError } from "#domain/system-error.ts";
import { runWith, tell } from "./a-command-line.ts";

const plain = defineCommand({
  command: "plain",
  summary: "Do nothing",
  examples: [],
  options: {},
  run: () => "no",
});

const commands = [tell, plain];

test("options not given have their defaults, and all are there", async () => {
  const { ended, stdout } = await runWith(["tell", "it", "--json"], commands);
  assert.equal(ended, "done");
  assert.deepEqual(JSON.parse(stdout), {
    schema: "tidemark.tell/1",
    thing: "it",
    loud: false,
    set: [],
    top: 20,
    "log-format": "auto",
  });
});

test("options are read before and after the operand, with = and without, and a repeatable one every time", async () => {
  const args = ["tell", "--loud", "--set", "a=1", "it", "--set=b.c=2", "--top", "3", "--config=my.toml", "--json"];
  const { stdout } = await runWith([...args, "--log-format", "json"], commands);
  assert.deepEqual(JSON.parse(stdout), {
    schema: "tidemark.tell/1",
    thing: "it",
    loud: true,
    config: "my.toml",
    set: ["a=1", "b.c=2"],
    top: 3,
    "log-format": "json",
  });
});

test("the schema is the first key of a record", async () => {
  const { stdout } = await runWith(["tell", "it", "--json"], commands);
  assert.match(stdout, /^\{"schema":"tidemark\.tell\/1",/);
});

const refused: readonly (readonly [readonly string[], RegExp])[] = [
  [["tel", "it"], /There is no command "tel"; do you mean "tell"\?/],
  [["frobnicate"], /There is no command "frobnicate"\n/],
  [["tell", "it", "--confg", "x"], /There is no option "--confg" here; do you mean "--config"\?/],
  [["tell", "it", "--logformat=json"], /There is no option "--logformat" here; do you mean "--log-format"\?/],
  [["tell", "it", "-q"], /There is no option "-q" here/],
  [["plain", "--loud"], /There is no option "--loud" here/],
  [["tell", "it", "--no-loud"], /There is no option "--no-loud" here/],
  [["tell"], /"tell" needs THING/],
  [["tell", "it", "and", "more"], /Cannot make sense of "and" after "tell"/],
  [["plain", "more"], /Cannot make sense of "more" after "plain"/],
  [["tell", "it", "--config"], /"--config" needs a value/],
  [["tell", "it", "--config", "a", "--config", "b"], /"--config" is given twice/],
  [["tell", "it", "--set"], /"--set" needs a value/],
  [["tell", "it", "--top", "0"], /"--top" is a whole number of at least 1, not "0"/],
  [["tell", "it", "--top", "many"], /"--top" is a whole number of at least 1, not "many"/],
  [["tell", "it", "--log-format", "jsn"], /"--log-format" is one of auto, json, text, not "jsn"; do you mean "json"\?/],
  [["tell", "it", "--color", "mauve"], /"--color" is one of auto, always, never, not "mauve"/],
];

for (const [args, problem] of refused) {
  test(`"${args.join(" ")}" is a usage error, told on stderr with what was probably meant`, async () => {
    const { ended, stdout, stderr } = await runWith(args, commands);
    assert.equal(ended, "usage");
    assert.equal(stdout, "");
    assert.match(stderr, problem);
    assert.match(stderr, /See "tidemark --help"/);
  });
}

test("no command at all is a usage error that shows the help", async () => {
  const { ended, stdout } = await runWith([], commands);
  assert.equal(ended, "usage");
  assert.match(stdout, /tidemark COMMAND/);
});

test("help that was asked for is an answer", async () => {
  for (const args of [["--help"], ["tell", "--help"], ["--help", "tell"]]) {
    assert.equal((await runWith(args, commands)).ended, "done");
  }
  assert.match((await runWith(["tell", "--help"], commands)).stdout, /tidemark tell a/);
});

test("colour is used on a terminal only, unless it is asked for or refused", async () => {
  const isColored = async (args: readonly string[], isTerminal: boolean, environment = {}) =>
    (await runWith(["tell", "it", ...args], commands, { isTerminal, environment })).stdout.includes("\u001b[");
  assert.equal(await isColored([], true), true);
  assert.equal(await isColored([], false), false);
  assert.equal(await isColored([], true, { NO_COLOR: "1" }), false);
  assert.equal(await isColored([], true, { NO_COLOR: "" }), true);
  assert.equal(await isColored([], true, { TERM: "dumb" }), false);
  assert.equal(await isColored(["--color=always"], false, { NO_COLOR: "1" }), true);
  assert.equal(await isColored(["--color=never"], true), false);
  assert.equal(await isColored(["--json", "--color=always"], true), false);
});

test("an error nobody could treat is told once, and decides how the program ends", async () => {
  const failing = (error: Error) =>
    defineCommand({
      command: "fail",
      summary: "Fail",
      examples: [],
      options: {},
      run: () => {
        throw error;
      },
    });
  const refusedBy = (errno: string) => new SystemError({ call: "open", errno, subject: "a file", advice: "try again" });
  const endOf = async (error: Error) => runWith(["fail"], [failing(error)]);
  assert.equal((await endOf(refusedBy("EPERM"))).ended, "permission");
  assert.equal((await endOf(refusedBy("ENOSYS"))).ended, "unsupported");
  assert.equal((await endOf(refusedBy("EIO"))).ended, "system");
  assert.equal((await endOf(new RangeError("a mistake"))).ended, "bug");
  assert.equal((await endOf(refusedBy("EIO"))).stderr, "Cannot open a file: EIO; try again\n");
  assert.match((await endOf(new RangeError("a mistake"))).stderr, /a mistake\n +at /);
});
