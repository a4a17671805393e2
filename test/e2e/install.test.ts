import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";

const script = join(repositoryRoot, "packaging/install.sh");
const hasSystemdAnalyze = spawnSync("systemd-analyze", ["--version"]).status === 0;

describe("the install script", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tidemark-install-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** It refuses a checkout that the service could not see; tests of what it installs skip there. */
  const isVisible = !/^\/(home|root|tmp|var\/tmp)\//.test(repositoryRoot);
  const skip = isVisible
    ? false
    : "the checkout is in a home folder or among temporary files, which the service does not see";

  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync("sh", [script, ...args], {
      encoding: "utf8",
      env: { ...process.env, DESTDIR: root },
    });
    return { status, stdout, stderr };
  };
  const unit = () => join(root, "etc/systemd/system/tidemark.service");
  const config = () => join(root, "etc/tidemark/tidemark.toml");

  it("puts a unit in place that starts this very copy, and a config that changes nothing", { skip }, () => {
    assert.equal(run().status, 0);
    const [start] = /^ExecStart=.*$/m.exec(readFileSync(unit(), "utf8")) ?? [];
    assert.match(start ?? "", /^ExecStart=\/\S*node \S+\/dist\/src\/cli\/main\.js run$/);
    assert.equal(readFileSync(config(), "utf8"), readFileSync(join(repositoryRoot, "packaging/tidemark.toml"), "utf8"));
  });

  it("never touches a config that is there, however often it runs", { skip }, () => {
    run();
    writeFileSync(config(), "# mine\n");
    assert.match(run().stdout, /^Kept /m);
    assert.equal(readFileSync(config(), "utf8"), "# mine\n");
  });

  it("makes nothing that others may write, whatever the umask, and is not misled by CDPATH", { skip }, () => {
    const { status, stderr } = spawnSync(
      "sh",
      ["-c", 'umask 0; cd "$(dirname "$0")/.." && sh packaging/install.sh', script],
      {
        encoding: "utf8",
        env: { ...process.env, DESTDIR: root, CDPATH: "." },
      },
    );
    assert.equal(status, 0, stderr);
    for (const path of [
      "etc/tidemark",
      "etc/tidemark/tidemark.d",
      "etc/tidemark/tidemark.toml",
      "etc/systemd/system/tidemark.service",
    ]) {
      assert.equal(statSync(join(root, path)).mode & 0o022, 0, path);
    }
  });

  it("refuses a copy among temporary files, of which the service has its own", () => {
    const copy = join(root, "copy");
    for (const folder of ["packaging", "dist/src/cli"]) mkdirSync(join(copy, folder), { recursive: true });
    for (const file of [
      "packaging/install.sh",
      "packaging/tidemark.service",
      "packaging/tidemark.toml",
      "dist/src/cli/main.js",
    ]) {
      copyFileSync(join(repositoryRoot, file), join(copy, file));
    }
    const { status, stderr } = spawnSync("sh", [join(copy, "packaging/install.sh")], {
      encoding: "utf8",
      env: { ...process.env, DESTDIR: root },
    });
    assert.equal(status, 1);
    assert.match(stderr, /temporary files/);
  });

  it("takes the unit away again and leaves the config", { skip }, () => {
    run();
    assert.equal(run("--uninstall").status, 0);
    assert.ok(!existsSync(unit()));
    assert.ok(existsSync(config()));
    assert.match(run("--uninstall").stdout, /There is no /);
  });

  it("explains itself, and touches nothing for an argument it does not know", () => {
    assert.match(run("--help").stdout, /^Usage: /);
    const { status, stderr } = run("--remove");
    assert.equal(status, 64);
    assert.match(stderr, /^Usage: /);
    assert.ok(!existsSync(join(root, "etc")));
  });

  it("installs a unit that systemd has nothing to say about", {
    skip: skip || (hasSystemdAnalyze ? false : "systemd-analyze is not installed"),
  }, () => {
    run();
    const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", unit()], {
      encoding: "utf8",
    });
    assert.equal(stdout + stderr, "");
    assert.equal(status, 0);
  });
});
