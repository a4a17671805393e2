/**
 * Makes a checkout ready to run: the dependencies of package-lock.json, then the JavaScript of the TypeScript sources.
 *
 * `npm start` and `npm test` begin with it, so that each works as the first command in a fresh clone. It needs
 * nothing but Node, says on stderr what it does, and says nothing when there is nothing to do.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const lockfile = join(root, "package-lock.json");
const dist = join(root, "dist");
/** Holds the fingerprint of the sources that were last built without an error. */
const stamp = join(dist, ".built-from");
/** Makes one file of the daemon, where there is one. */
const bundler = join(root, "packaging", "tools", "bundle.mjs");
const aliveEvery = 10_000;

class Problem extends Error {}

const say = (text) => process.stderr.write(`tidemark: ${text}\n`);
const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

function requireNode() {
  const needed = Number(readJson(join(root, "package.json")).engines.node.replace(">=", ""));
  const [major] = process.versions.node.split(".").map(Number);
  if (major < needed) {
    throw new Problem(`Cannot run on Node ${process.versions.node}: Node ${needed} or newer is needed`);
  }
}

/** Why node_modules is not what package-lock.json asks for; undefined when it is. */
function whatIsMissing() {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return "dependencies are not installed yet";
  const installed = readJson(hidden).packages;
  for (const [path, wanted] of Object.entries(readJson(lockfile).packages)) {
    if (path === "") continue;
    const found = installed[path];
    // Prebuilt binaries of other platforms are optional and rightly absent.
    if (found === undefined && wanted.optional) continue;
    if (found?.integrity !== wanted.integrity) return `${path} is not the one package-lock.json names`;
    if (!existsSync(join(root, path, "package.json"))) return `${path} is not there`;
  }
  return undefined;
}

/** Runs a program to its end, with its output on our stderr and a word every ten seconds. */
async function run(what, [program, ...args]) {
  const began = performance.now();
  const elapsed = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  say(`${what} …`);
  const alive = setInterval(() => say(`still at it after ${elapsed()}`), aliveEvery);
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", 2, 2] });
  const end = await new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Problem(`Cannot start ${program}: ${error.message}`)));
    child.on("close", (code, signal) => resolve(signal ?? code));
  }).finally(() => clearInterval(alive));
  if (end !== 0) throw new Problem(`Cannot go on: ${what} ended with ${end} after ${elapsed()}; see above`);
  say(`… done in ${elapsed()}`);
}

/** The npm that called us, so that a second npm on the PATH never meets the first one's lockfile. */
function npm() {
  const caller = process.env["npm_execpath"];
  return caller?.endsWith("npm-cli.js") ? [process.execPath, caller] : ["npm"];
}

async function install(why) {
  // --include=dev: NODE_ENV=production would leave the compiler out.
  // Under `npm i -g .` the settings we inherit say global, which npm ci refuses.
  const ci = [...npm(), "ci", "--no-global", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"];
  say(why);
  await run("fetching what package-lock.json lists with npm ci", ci);
}

/** Every TypeScript file the compiler is given, by the folders tsconfig.json includes. */
function sources() {
  return readJson(join(root, "tsconfig.json"))
    .include.flatMap((folder) => listFiles(join(root, folder)))
    .filter((path) => path.endsWith(".ts"))
    .sort();
}

function listFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** By content, not by time: a clone, a checkout or a copy changes times without changing sources, and the reverse. */
function fingerprint(files) {
  const hash = createHash("sha256");
  for (const path of [
    ...files,
    lockfile,
    join(root, "tsconfig.json"),
    join(root, "package.json"),
    ...(existsSync(bundler) ? [bundler] : []),
  ]) {
    hash
      .update(`${relative(root, path)}\0`)
      .update(readFileSync(path))
      .update("\0");
  }
  return hash.digest("hex");
}

/** JavaScript whose source is gone: a deleted test would be run for ever. */
function removeOrphans(files) {
  const wanted = new Set(files.map((path) => join(dist, relative(root, path)).replace(/\.ts$/, "")));
  rmSync(join(dist, "bundle"), { recursive: true, force: true });
  for (const path of listFiles(dist)) {
    if (/\.js(\.map)?$/.test(path) && !wanted.has(path.replace(/\.js(\.map)?$/, ""))) rmSync(path);
  }
}

async function build(files) {
  rmSync(stamp, { force: true });
  const tsc = [process.execPath, join(root, "node_modules", "typescript", "bin", "tsc"), "-p", root];
  await run(`compiling ${files.length} TypeScript files`, tsc);
  removeOrphans(files);
  if (!existsSync(bundler)) return;
  const { bundle } = await import(bundler);
  await bundle();
}

async function prepare() {
  requireNode();
  const missing = whatIsMissing();
  if (missing !== undefined) await install(missing);
  const files = sources();
  const print = fingerprint(files);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== print) {
    await build(files);
    writeFileSync(stamp, print);
  }
}

try {
  await prepare();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  say(error.message);
  process.exitCode = 1;
}
