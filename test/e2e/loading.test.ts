import { deepEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { after, describe, test } from "node:test";
import { fixturePath } from "#test/support/fixture.ts";
import { folder, program, settings } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

/** Written to stderr at the end: whether koffi, which makes system calls, was mapped. It stands for all that a command has no use for. */
const witness =
  'process.on("exit", () => console.error(process.report.getReport().sharedObjects.some((path) => path.includes("koffi"))))';

function loadsSystemCalls(...args: readonly string[]): boolean {
  const options = ["--import", `data:text/javascript,${encodeURIComponent(witness)}`];
  const { stderr } = spawnSync(process.execPath, [...options, program, ...args], { encoding: "utf8" });
  return stderr.trimEnd().endsWith("true");
}

describe("a command loads what it needs when it is asked for", () => {
  test("autopsy and the help make no system calls of their own, and load nothing that does", () => {
    deepEqual(
      [loadsSystemCalls("autopsy", fixturePath("oom-reports/002.log")), loadsSystemCalls("--help")],
      [false, false],
    );
  });

  test("what looks at the machine does", () => {
    deepEqual(loadsSystemCalls("status", "--config", settings), true);
  });
});
