/* The kernel's settings are those of the whole machine: what is tried here is seen in a mount namespace of its own only. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { after, test } from "node:test";
import { lacksNamespaces } from "#test/support/needs.ts";
import { folder, program, records, settings, written } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

const skip = lacksNamespaces();

const panics = written("panic_on_oom", "1\n");
const dumpsNothing = written("oom_dump_tasks", "0\n");

/** Where the kernel seems to be set otherwise. */
function tidemarkThere(...args: readonly string[]) {
  const shell = `mount --bind ${panics} /proc/sys/vm/panic_on_oom && mount --bind ${dumpsNothing} /proc/sys/vm/oom_dump_tasks && exec "$0" "$@"`;
  const command = ["--mount", "sh", "-c", shell, process.execPath, program, ...args, "--config", settings];
  return spawnSync("unshare", command, { encoding: "utf8" });
}

const named = ["vm.panic_on_oom", "vm.oom_dump_tasks"];

test("status tells how the kernel's own OOM killer is set, where it is not the default", { skip }, () => {
  const [view] = records(tidemarkThere("status", "--json").stdout);
  const told: readonly { readonly sysctl: string }[] = Object(view?.["unusual_sysctls"]);
  assert.deepEqual(
    told.map(({ sysctl }) => sysctl).filter((sysctl) => named.includes(sysctl)),
    named,
  );
  assert.match(tidemarkThere("status").stdout, /^ {2}kernel +vm\.panic_on_oom is 1: .*the machine panics/m);
});

test("the daemon warns of it when it starts", { skip }, () => {
  const { status, stderr } = tidemarkThere("run", "--dry-run", "--once", "--log-format=json");
  assert.equal(status, 0, stderr);
  const warned = records(stderr).filter(({ event, level }) => event === "kernel.unusual" && level === "warn");
  assert.deepEqual(
    warned.map(({ sysctl }) => String(sysctl)).filter((sysctl) => named.includes(sysctl)),
    named,
  );
});
