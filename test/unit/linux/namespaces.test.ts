import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { lacksNamespaces } from "#test/support/needs.ts";

const run = promisify(execFile);
const nobody = 65_534;

const notRoot = lacksNamespaces();

const machineModule = JSON.stringify(new URL("../../../src/linux/linux-machine.js", import.meta.url).href);

interface Question {
  /** Of unshare(1). */
  readonly options: readonly string[];
  /** Run in there by the shell before anything else. */
  readonly setUp: string;
  readonly root: string;
  /** What is asked of `machine`. */
  readonly expression: string;
}

/** What nobody is answered in a namespace of its own; of an error, the parts that make it. */
async function ask({ options, setUp, root, expression }: Question): Promise<unknown> {
  const program = `
    import { linuxMachine } from ${machineModule};
    process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody});
    const tell = (value) => console.log(JSON.stringify(value));
    try { const machine = linuxMachine(${JSON.stringify({ root })}); tell(${expression}); machine[Symbol.dispose](); }
    catch ({ call, errno, subject }) { tell({ call, errno, subject }); }`;
  const shell = `${setUp} exec "$0" --input-type=module -e "$1"`;
  const { stdout } = await run("unshare", [...options, "sh", "-c", shell, process.execPath, program]);
  return JSON.parse(stdout);
}

const seen = `{
  canSeeOthers: machine.capabilities.canSeeOthers,
  isComplete: machine.sense({ needs: ["processes"], isPressing: false }).processes.value.isComplete,
}`;

for (const [options, isAll] of [
  ["hidepid=0", true],
  ["hidepid=1", false],
  ["hidepid=2", false],
] as const) {
  test(`a proc with ${options} shows ${isAll ? "all" : "a part"} to nobody`, { skip: notRoot }, async () => {
    const root = mkdtempSync(join(tmpdir(), "tidemark-hidepid-"));
    const proc = join(root, "proc");
    mkdirSync(proc);
    try {
      const mount = `chmod 755 ${root} && mount -t proc -o ${options} proc ${proc} &&`;
      const answer = await ask({ options: ["--mount"], setUp: mount, root, expression: seen });
      assert.deepEqual(answer, { canSeeOthers: isAll, isComplete: isAll });
    } finally {
      // The mount is gone with its namespace.
      rmdirSync(proc);
      rmdirSync(root);
    }
  });
}

test("a /proc that numbers processes otherwise than the kernel does for us is refused", { skip: notRoot }, async () => {
  const answer = await ask({
    options: ["--pid", "--fork"],
    setUp: "",
    root: "/",
    expression: "machine.capabilities",
  });
  assert.deepEqual(answer, { call: "use", errno: "EXDEV", subject: "/proc" });
});
