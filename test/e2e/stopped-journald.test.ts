import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { mib } from "#domain/units.ts";
import {
  calm,
  confined,
  exhausted,
  hogUid,
  removeSettings,
  settings,
  settingsFolder,
  wordyMistakes,
} from "#test/support/confined-settings.ts";
import { lacksHogs } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

const live = {
  skip: lacksHogs,
  timeout: 60_000,
};

after(removeSettings);

const program = join(repositoryRoot, "dist/src/cli/main.js");
/** Their telling takes some twenty kilobytes. */
const unreadMistakes = wordyMistakes(2000);

interface Listened extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly journald: Socket;
  /** All that has been read. */
  readonly text: () => string;
  readonly said: (what: string) => Promise<void>;
}

/** The daemon with stdout and stderr as systemd makes them: a stream to journald, whose end the test holds. */
async function startUnderJournald(name: string, config: string): Promise<Listened> {
  const address = join(settingsFolder, name);
  const server = createServer();
  server.listen(address);
  const accepted = once(server, "connection");
  const own = connect(address);
  const [[journald]] = await Promise.all([accepted, once(own, "connect")]);
  const args = [program, "run", "--log-format=json", "--config", config];
  const child = spawn(process.execPath, args, { stdio: ["ignore", own, own] });
  own.destroy();
  let text = "";
  journald.on("data", (chunk: Buffer) => {
    text += String(chunk);
  });
  return {
    child,
    journald,
    text: () => text,
    said: async (what) => {
      while (!text.includes(what)) await once(journald, "data");
    },
    async [Symbol.asyncDispose]() {
      const exited = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
      child.kill("SIGKILL");
      await exited;
      journald.destroy();
      server.close();
    },
  };
}

/** How long a hog lives on after the settings have made the machine short of memory. */
async function killUnder(daemon: Listened, config: string, isStopped: boolean): Promise<number> {
  const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
  try {
    await daemon.said("daemon.ready");
    if (isStopped) {
      daemon.journald.pause();
      writeFileSync(config, unreadMistakes);
      for (let reload = 0; reload < 250; reload += 1) {
        daemon.child.kill("SIGHUP");
        await pass(10);
      }
    }
    writeFileSync(config, confined(exhausted));
    const began = performance.now();
    daemon.child.kill("SIGHUP");
    assert.ok(await hasEnded(hog), "the daemon waits for journald");
    return performance.now() - began;
  } finally {
    await end();
  }
}

describe("a daemon whose journald has stopped", () => {
  it("kills in its usual time, and says later how many lines are lost", live, async (t) => {
    const times: number[] = [];
    for (const isStopped of [false, true]) {
      const config = settings(calm);
      await using daemon = await startUnderJournald(`journald-${isStopped}`, config);
      times.push(await killUnder(daemon, config, isStopped));
      if (!isStopped) continue;
      assert.ok(!daemon.text().includes("victim.signalled"), "nothing is read while it is stopped");
      daemon.journald.resume();
      await daemon.said("journal.dropped");
    }
    const [usual = 0, stopped = 0] = times;
    t.diagnostic(
      `from the request to the end of the hog: ${usual.toFixed(1)} ms, journald stopped ${stopped.toFixed(1)} ms`,
    );
    // A write that waits would wait for ever: what is allowed beyond is what a busy machine makes of it.
    assert.ok(stopped < 3 * usual + 1000, `${stopped} ms instead of ${usual}`);
  });
});
