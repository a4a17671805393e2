import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { bytes, bytesToKiB, kibToGiB } from "#domain/units.ts";
import { repositoryRoot } from "#test/support/repository.ts";

/** Where and with what something was measured. */
export interface Surroundings {
  readonly date: string;
  readonly machine: string;
  readonly kernel: string;
  readonly node: string;
  readonly tidemark: string;
  readonly earlyoom: string;
  readonly nohang: string;
  /** Of the last minute. */
  readonly load: number;
}

/** What is so now. */
export function lookAround(earlyoom: string | undefined): Surroundings {
  const processors = cpus();
  return {
    date: `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`,
    machine: `${processors.length} × ${processors[0]?.model ?? "unknown"}, ${kibToGiB(bytesToKiB(bytes(totalmem()))).toFixed(1)} GiB`,
    kernel: `Linux ${release()}, transparent huge pages: ${hugePages()}`,
    node: process.version,
    tidemark: tidemarkVersion(),
    earlyoom: earlyoom === undefined ? "not here" : earlyoomVersion(earlyoom),
    nohang: firstLine("dpkg-query", "--show", "nohang").replace(/^nohang\s+/, "") || "not here",
    load: loadavg()[0] ?? NaN,
  };
}

/** The chosen one stands in brackets. */
function hugePages(): string {
  const [, chosen = "unknown"] = /\[(\w+)\]/.exec(textOrNothing("/sys/kernel/mm/transparent_hugepage/enabled")) ?? [];
  return chosen;
}

function textOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function tidemarkVersion(): string {
  const { version } = JSON.parse(readFileSync(`${repositoryRoot}/package.json`, "utf8"));
  const commit = firstLine("git", "-C", repositoryRoot, "rev-parse", "--short", "HEAD");
  return commit === "" ? version : `${version} (${commit})`;
}

/** 1.7 does not reap its victims, 1.9 does, and has a message about it. */
function earlyoomVersion(earlyoom: string): string {
  const path = earlyoom.includes("/") ? earlyoom : firstLine("sh", "-c", `command -v "$0"`, earlyoom);
  const reaps = textOrNothing(path).includes("process_mrelease");
  return `${firstLine(earlyoom, "-v").replace(/^earlyoom /, "")}, with${reaps ? "" : "out"} process_mrelease`;
}

/** What a program answers, wherever it does. */
function firstLine(program: string, ...args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) return "";
  return (stdout || stderr).split("\n")[0] ?? "";
}
