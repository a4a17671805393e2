/* A real browser under a real daemon, in a cgroup of its own: one of its pages dies, and the browser lives. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import {
  confined,
  exhausted,
  type Marks,
  removeSettings,
  scarce,
  settingsFolder,
} from "#test/support/confined-settings.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup, type V1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { startDaemon } from "#test/support/start-daemon.ts";

const chromium = "/usr/bin/chromium";
const lacksChromium = existsSync(chromium) ? false : `needs ${chromium} (apt-get install chromium)`;
const live = { skip: lacksV1("memory") || lacksChromium, timeout: 120_000 };

after(removeSettings);

/** Chromium without a screen. It ends by itself after 100 s, and holds no more than 1 GiB: its cgroup sees to that. */
interface Browser {
  /** The shell that started it, which is no part of it: it exits with 3 when it has seen the end of it. */
  readonly parent: ChildProcess;
  readonly memcg: V1Cgroup;
  /** Asks it over its debugging port. */
  ask(path: string, method?: string): Promise<string>;
}

async function startBrowser(memcg: V1Cgroup): Promise<Browser> {
  memcg.write("memory.limit_in_bytes", String(2 ** 30));
  const profile = mkdtempSync(join(settingsFolder, "profile-"));
  const portFile = join(profile, "DevToolsActivePort");
  const enter = 'echo $$ > "$0/cgroup.procs"; timeout 100 "$@"; exit 3';
  const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  const home = ["--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const argv = [memcg.path, chromium, ...options, ...quiet, ...home];
  const parent = spawn("/bin/sh", ["-c", enter, ...argv], { stdio: "ignore" });
  await until("the browser can be asked", () => existsSync(portFile));
  return {
    parent,
    memcg,
    async ask(path, method = "GET") {
      const [port] = readFileSync(portFile, "latin1").split("\n");
      return (await fetch(`http://127.0.0.1:${port}${path}`, { method })).text();
    },
  };
}

/** A page that holds so many MiB. */
const page = (mib: number): string =>
  encodeURIComponent(`data:text/html,<script>held=new Uint8Array(${mib}<<20).fill(1)</script>`);

/** A file of a process; nothing, when it has gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}

const isBrowser = (pid: number): boolean => read(pid, "comm") === "chromium\n";
const isRenderer = (pid: number): boolean => read(pid, "cmdline").includes("--type=renderer");
const isMain = (pid: number): boolean => isBrowser(pid) && !read(pid, "cmdline").includes("--type=");
const anonMib = (pid: number): number => Number(/^RssAnon:\s+(\d+)/m.exec(read(pid, "status"))?.[1] ?? 0) / 1024;

/** Opens three pages; the answer is the main process, and the page that holds most. */
async function openPages({ memcg, ask }: Browser): Promise<{ readonly main: number; readonly largest: number }> {
  for (const held of [20, 150, 60]) await ask(`/json/new?${page(held)}`, "PUT");
  const bySize = () =>
    memcg
      .members()
      .filter(isRenderer)
      .toSorted((a, b) => anonMib(b) - anonMib(a));
  await until("the pages hold what they are to hold", () => {
    const [first = 0, second = 0] = bySize().map(anonMib);
    return first > 150 && second > 60;
  });
  const [largest] = bySize();
  const main = memcg.members().find(isMain);
  assert.ok(largest && main);
  return { main, largest };
}

/** Nobody may be chosen but members of the cgroup, and one kill is all. */
function settingsFor(memcg: V1Cgroup, marks: Marks): readonly string[] {
  const path = join(settingsFolder, `${basename(memcg.path)}.toml`);
  writeFileSync(path, confined(marks).replace(/uid = \d+\n$/, `cgroup = "/${basename(memcg.path)}"\n`));
  return ["--config", path, "--set", "kill.budget=1"];
}

test("of a browser the largest page goes, and the browser lives and answers", live, async () => {
  await using memcg = makeV1Cgroup("memory");
  const browser = await startBrowser(memcg);
  const { main, largest } = await openPages(browser);
  const daemon = startDaemon(settingsFor(memcg, scarce));
  try {
    assert.equal((await daemon.said("victim.signalled"))["pid"], largest);
    await until("the page has gone", () => !isRenderer(largest));
    assert.ok(isMain(main));
    assert.match(await browser.ask("/json/version"), /Chrome/);
  } finally {
    await daemon.stop();
  }
});

test("a browser goes as a whole where the unit is its application, and whoever started it lives", live, async () => {
  await using memcg = makeV1Cgroup("memory");
  const browser = await startBrowser(memcg);
  await openPages(browser);
  const all = memcg.members().filter(isBrowser);
  const parentExited = once(browser.parent, "exit");
  const daemon = startDaemon([...settingsFor(memcg, exhausted), "--set", "kill.unit=app"]);
  try {
    const signalled = await daemon.said("victim.signalled");
    assert.equal(signalled["kill_unit"], "app");
    assert.ok(Number(signalled["group_processes"]) >= 4, String(signalled["group_processes"]));
    await until("all of the browser have ended", () => !all.some(isBrowser));
    assert.deepEqual(await parentExited, [3, null]);
  } finally {
    await daemon.stop();
  }
});
