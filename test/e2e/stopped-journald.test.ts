import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { after, describe, it } from "node:test";
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
import { lacksHogs, lacksPrograms } from "#test/support/needs.ts";
import { reload } from "#test/support/reload.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { listenAt, type ServiceManagerActor } from "#test/support/service-manager.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

const live = {
  skip: lacksHogs || lacksPrograms("python3"),
  timeout: 60_000,
};

after(removeSettings);

const program = join(repositoryRoot, "dist/src/cli/main.js");
/** Their telling takes some eighty kilobytes. */
const unreadMistakes = wordyMistakes(4000);
/** More than a socket and the journal's own ring hold together. */
const unreadReloads = 12;

interface Listened extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly manager: ServiceManagerActor;
  readonly journald: Socket;
  /** All that has been read. */
  readonly text: () => string;
  readonly said: (what: string) => Promise<void>;
}

/** The daemon with stdout and stderr as systemd makes them: a stream to journald, whose end the test holds. */
async function startUnderJournald(name: string, config: string): Promise<Listened> {
  const notify = `@tidemark-${name}-${process.pid}`;
  const manager = await listenAt(notify);
  const address = join(settingsFolder, name);
  const server = createServer();
  server.listen(address);
  const accepted = once(server, "connection");
  const own = connect(address);
  const [[journald]] = await Promise.all([accepted, once(own, "connect")]);
  const args = [program, "run", "--log-format=json", "--config", config];
  const env = { ...process.env, NOTIFY_SOCKET: notify };
  const child = spawn(process.execPath, args, { stdio: ["ignore", own, own], env });
  own.destroy();
  let text = "";
  journald.on("data", (chunk: Buffer) => {
    text += String(chunk);
  });
  return {
    child,
    manager,
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
      await manager[Symbol.asyncDispose]();
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
      for (let unread = 0; unread < unreadReloads; unread += 1) await reload(daemon.child, daemon.manager);
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
  it("kills all the same, and says later how many lines are lost", live, async (t) => {
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
    // A write that waits would wait for ever, and the hog live on: how quick a kill is, a busy machine has no say in here.
    const [usual = 0, stopped = 0] = times;
    t.diagnostic(
      `from the request to the end of the hog: ${usual.toFixed(1)} ms, journald stopped ${stopped.toFixed(1)} ms`,
    );
  });
});
