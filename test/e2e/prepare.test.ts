import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";

const compiler = "node_modules/typescript";
const lock = { packages: { "": {}, [compiler]: { integrity: "sha512-one" } } };
const otherLock = { packages: { "": {}, [compiler]: { integrity: "sha512-two" } } };

/** A checkout of two sources, ready but for the build, with the real prepare.mjs and the real compiler. */
function aCheckout(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), "tidemark-prepare-"));
  t.after(() => rmSync(root, { recursive: true }));
  const write = (path: string, content: string | object): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  write("packaging/tools/prepare.mjs", readFileSync(join(repositoryRoot, "packaging/tools/prepare.mjs"), "utf8"));
  write("package.json", { type: "module", engines: { node: ">=20" } });
  write("tsconfig.json", { compilerOptions: { outDir: "dist", rootDir: ".", sourceMap: true }, include: ["src"] });
  write("package-lock.json", lock);
  write("node_modules/.package-lock.json", lock);
  symlinkSync(join(repositoryRoot, compiler), join(root, compiler));
  symlinkSync(join(repositoryRoot, "node_modules/@typescript"), join(root, "node_modules/@typescript"));
  write("src/one.ts", "export const one: number = 1;\n");
  write("src/two.ts", "export const two: number = 2;\n");
  const prepare = (environment: Readonly<Record<string, string>> = {}) => {
    const tool = join(root, "packaging/tools/prepare.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool], { encoding: "utf8", env: environment });
    return { status, stdout, stderr };
  };
  return { root, write, prepare, has: (path: string) => existsSync(join(root, path)) };
}

const silence = { status: 0, stdout: "", stderr: "" };

test("a fresh checkout is built, and said to be", (t) => {
  const { prepare, has } = aCheckout(t);
  const { status, stdout, stderr } = prepare();
  equal(status, 0);
  equal(stdout, "");
  match(stderr, /^tidemark: compiling 2 TypeScript files …\ntidemark: … done in \d+\.\d s\n$/);
  ok(has("dist/src/one.js"));
});

test("with nothing to do it does nothing and says nothing", (t) => {
  const { prepare } = aCheckout(t);
  prepare();
  deepEqual(prepare(), silence);
});

test("a changed source is built again, although its time is old", (t) => {
  const { prepare, write, root } = aCheckout(t);
  prepare();
  write("src/one.ts", "export const one: number = 11;\n");
  utimesSync(join(root, "src/one.ts"), 0, 0);
  match(prepare().stderr, /compiling/);
  match(readFileSync(join(root, "dist/src/one.js"), "utf8"), /11/);
});

test("a type error ends the command, as often as it is tried", (t) => {
  const { prepare, write } = aCheckout(t);
  write("src/one.ts", `export const one: number = "1";\n`);
  for (const _attempt of [1, 2]) {
    const { status, stderr } = prepare();
    equal(status, 1);
    match(stderr, /error TS2322/);
    match(stderr, /tidemark: Cannot go on: compiling 2 TypeScript files ended with \d+ after/);
  }
});

test("after a build that failed, the sources built before it are built again", (t) => {
  const { prepare, write, root } = aCheckout(t);
  const good = "export const one: number = 1;\n";
  for (const text of [good, `export const one: number = "bad";\n`, good]) {
    write("src/one.ts", text);
    prepare();
  }
  match(readFileSync(join(root, "dist/src/one.js"), "utf8"), /one = 1;/);
});

test("what was compiled of a source that is gone goes as well", (t) => {
  const { prepare, root, has } = aCheckout(t);
  prepare();
  rmSync(join(root, "src/two.ts"));
  equal(prepare().status, 0);
  deepEqual([has("dist/src/one.js"), has("dist/src/two.js"), has("dist/src/two.js.map")], [true, false, false]);
});

test("packages that are missing or not the locked ones are fetched by the npm that called", (t) => {
  for (const [damage, why] of [
    [(root: string) => rmSync(join(root, "node_modules/.package-lock.json")), "dependencies are not installed yet"],
    [
      (root: string) => writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify(otherLock)),
      `${compiler} is not the one package-lock.json names`,
    ],
    [(root: string) => rmSync(join(root, compiler)), `${compiler} is not there`],
  ] as const) {
    const { prepare, write, root } = aCheckout(t);
    damage(root);
    write(
      "npm-cli.js",
      `import { symlinkSync, writeFileSync } from "node:fs";
      console.log("fetched by npm " + process.argv.slice(2).join(" "));
      writeFileSync("node_modules/.package-lock.json", '${JSON.stringify(lock)}');
      try { symlinkSync("${join(repositoryRoot, compiler)}", "${compiler}"); } catch {}`,
    );
    const { status, stderr } = prepare({ npm_execpath: join(root, "npm-cli.js") });
    equal(status, 0, stderr);
    ok(stderr.includes(`tidemark: ${why}\n`), stderr);
    match(stderr, /fetched by npm ci --no-global --ignore-scripts --include=dev/);
    deepEqual(prepare(), silence);
  }
});

test("an npm that fails ends the command", (t) => {
  const { prepare, write, root } = aCheckout(t);
  rmSync(join(root, "node_modules/.package-lock.json"));
  write("npm-cli.js", "process.exitCode = 7;");
  const { status, stderr } = prepare({ npm_execpath: join(root, "npm-cli.js") });
  equal(status, 1);
  match(stderr, /Cannot go on: fetching what package-lock\.json lists with npm ci ended with 7/);
});

test("a Node that is too old is told so before anything else", (t) => {
  const { prepare, write, has } = aCheckout(t);
  write("package.json", { type: "module", engines: { node: ">=999" } });
  const { status, stderr } = prepare();
  equal(status, 1);
  match(stderr, /^tidemark: Cannot run on Node \d+\.\d+\.\d+: Node 999 or newer is needed\n$/);
  ok(!has("dist"));
});
