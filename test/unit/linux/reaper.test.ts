import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";
import { moduleOf } from "./few-descriptors.ts";

const koffi = JSON.stringify(join(repositoryRoot, "node_modules/koffi/index.js"));

test("where no thread takes a kill, the victim is killed from our own, and its reaping is tried again", async () => {
  const program = `
    import koffi from ${koffi};
    koffi.config({ resident_async_pools: 0, max_async_calls: 1 });
    const { linuxMachine } = await import(${moduleOf("src/linux/linux-machine.js")});
    const { toKill } = await import(${moduleOf("test/support/decisions.js")});
    const { identityOf } = await import(${moduleOf("test/unit/linux/living.js")});
    const { startSleeper } = await import(${moduleOf("test/unit/native-bindings/sleeper.js")});
    const victim = await startSleeper();
    const machine = linuxMachine();
    const read = koffi.load(null).func("intptr_t read(int fd, void *buffer, size_t size)");
    // Takes the only place there is until our parent ends what we listen to.
    const isFree = new Promise((resolve) => read.async(0, Buffer.alloc(1), 1, resolve));
    const outcome = machine.act(toKill(identityOf(victim.pid)));
    const ended = await victim.ended;
    const reapOf = () => machine.sense({ needs: [], isPressing: true }).victims[0].reap.kind;
    const before = reapOf();
    console.log("killed");
    await isFree;
    while (reapOf() === "under-way") await new Promise(setImmediate);
    console.log(JSON.stringify([outcome.kind, ended, before, reapOf()]));
    process.exit();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
    if (text === "killed\n") child.stdin.end();
  });
  await once(child, "close");
  const told = ["signalled", "SIGKILL", "under-way", "exiting-by-itself"];
  assert.deepEqual(JSON.parse(text.split("\n")[1] ?? "null"), told);
});
