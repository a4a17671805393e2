import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, it } from "node:test";
import { openRegistry } from "#test/support/local-registry.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-global-"));
after(() => rmSync(folder, { recursive: true }));

/** Nobody's cache, settings or proxy, and no registry but this one. */
async function npm(registry: string, ...args: readonly string[]): Promise<void> {
  const settings = {
    registry,
    cache: join(folder, "cache"),
    userconfig: join(folder, "npmrc"),
    update_notifier: "false",
  };
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`npm_config_${name}`, value])),
  };
  const child = spawn("npm", args, { cwd: repositoryRoot, env, stdio: ["ignore", "ignore", "pipe"] });
  const [complaints, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  assert.equal(code, 0, complaints);
}

const tidemark = (...args: readonly string[]) =>
  spawnSync(join(folder, "bin", "tidemark"), args, { cwd: "/", encoding: "utf8" });

it("the package, installed globally, gives a tidemark that finds its presets and knows its settings", {
  skip: lacksPrograms("npm", "tar"),
}, async () => {
  await using registry = await openRegistry();
  await npm(registry.url, "pack", "--ignore-scripts", "--pack-destination", folder);
  const [archive = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  await npm(
    registry.url,
    "install",
    "--global",
    "--ignore-scripts",
    "--no-audit",
    "--prefix",
    folder,
    join(folder, archive),
  );
  assert.match(tidemark("--version").stdout, /^tidemark \d+\.\d+\.\d+$/m);
  const { status, stdout, stderr } = tidemark("check", "--set", "preset=server", "--json");
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout.split("\n")[0] ?? "").accepted, true);
});
