import { deepEqual, equal, match } from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";

const built = join(repositoryRoot, "dist/test");

const runVm = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(built, "tools/vm.js"), ...args], { encoding: "utf8" });

describe("a program that boots guests", () => {
  test("says in a line what cannot be chosen, with exit status 2", () => {
    const refusals = [
      [["--runs", "none"], /^Cannot take --runs none: give a whole number above 0\n$/],
      [["--guard", "tide"], /^Cannot play under "tide": choose among tidemark, .*\n$/],
      [["--rums", "10"], /^Unknown option '--rums'.*\n$/],
    ] as const;
    for (const [args, says] of refusals) {
      const { status, stderr } = runVm(...args);
      equal(status, 2);
      match(stderr, says);
    }
  });

  test("explains itself, and does nothing else", () => {
    const { status, stdout } = runVm("--runs", "none", "--help");
    equal(status, 0);
    match(stdout, /^Usage: npm run test:vm/);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(`dies of ${signal}, and leaves no folder behind`, async () => {
      const waits = `
        import { runTool } from ${JSON.stringify(join(built, "vm/tool.js"))};
        await runTool({ name: "waits", help: "", options: {}, run: async (_, folder) => {
          console.log(folder);
          setInterval(() => undefined, 1000);
          return new Promise(() => undefined);
        }});`;
      const child = spawn(process.execPath, ["--input-type=module", "--eval", waits], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [said] = await once(child.stdout, "data");
      const folder = String(said).trim();
      equal(existsSync(folder), true);
      child.kill(signal);
      deepEqual(await once(child, "exit"), [null, signal]);
      equal(existsSync(folder), false);
    });
  }
});
