import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Identity } from "#domain/identity.ts";
import { type KiB, kibToMiB } from "#domain/units.ts";
import { endProcess, identityOf } from "#test/support/start-hog.ts";
import { type Act, demoUid } from "./act.ts";

const hogProgram = fileURLToPath(new URL("../../tools/hog.js", import.meta.url));

/** No process of the demo lives longer, whatever happens to the demo. */
const secondsToLive = 25;

const optionFor = {
  "ignores-term": "--ignore-term",
  stopped: "--stop",
  "shares-memory": "--share-memory",
} as const satisfies Record<Act["traits"][number], string>;

/** A process of the demo. */
export interface DemoProcess {
  readonly identity: Identity;
  /** Its second process, once it has filled its memory. */
  readonly filled: Promise<{ readonly sharer: Identity | undefined }>;
  /** Ends it, and whoever shares its memory. */
  end(): void;
}

interface Report {
  readonly sharer_pid?: number;
}

async function readReport({ stdout }: ChildProcess): Promise<Report> {
  if (stdout === null) return {};
  const lines = createInterface({ input: stdout });
  return await new Promise((resolve) => {
    lines.once("line", (line) => resolve(JSON.parse(line)));
    lines.once("close", () => resolve({}));
  });
}

interface Wish {
  readonly name: string;
  readonly size: KiB;
  readonly rate: number;
  readonly traits: Act["traits"];
}

/** Starts a process of the demo's own user; it offers itself to every OOM killer and ends by itself. */
export function startProcess({ name, size, rate, traits }: Wish): DemoProcess {
  const options = ["--mib", String(kibToMiB(size)), "--rate", String(rate), "--seconds", String(secondsToLive)];
  const more = ["--uid", String(demoUid), "--name", name, ...traits.map((trait) => optionFor[trait])];
  const child = spawn(process.execPath, [hogProgram, ...options, ...more], { stdio: ["ignore", "pipe", "inherit"] });
  if (child.pid === undefined) throw new Error(`Cannot start ${name}`);
  const identity = identityOf(child.pid);
  let sharer: Identity | undefined;
  const filled = readReport(child).then((report) => {
    sharer = report.sharer_pid === undefined ? undefined : identityOf(report.sharer_pid);
    return { sharer };
  });
  return {
    identity,
    filled,
    end: () => {
      endProcess(identity);
      if (sharer !== undefined) endProcess(sharer);
    },
  };
}
