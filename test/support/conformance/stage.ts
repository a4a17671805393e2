import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type KiB, type Pid, pid } from "#domain/units.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";

/** What a process is to look like. It holds what it is asked for and does nothing more. */
export interface ActorWish {
  readonly name?: string;
  /** Folders of cgroups it joins before it takes any memory. */
  readonly cgroups?: readonly string[];
  readonly oomScoreAdj?: number;
  /** The user it becomes. */
  readonly uid?: number;
  readonly anonKiB?: KiB;
  readonly shmemKiB?: KiB;
  readonly fileKiB?: KiB;
  /** How many page tables it needs, each for one page. */
  readonly pageTables?: number;
  /** How much of each page of it cannot be compressed; the rest is zeros. */
  readonly noiseBytes?: number;
  /** Asks the kernel to move its anonymous memory to swap. */
  readonly isPagedOut?: boolean;
  readonly threads?: number;
  /** Forks so many processes that do exactly the same. */
  readonly twins?: number;
  /** Makes a second process in its memory. */
  readonly sharesMemory?: boolean;
  /** Is held in vfork(2) after it was announced, by a child that borrows its memory. */
  readonly vforks?: boolean;
  /** Takes so much more after it was announced. */
  readonly growthKiB?: KiB;
  /** Over so many seconds; otherwise at once. */
  readonly growthSeconds?: number;
  /** Its first thread exits, the others stay: a zombie that holds memory. */
  readonly leaderExits?: boolean;
}

/** Processes that were started for one wish. */
export interface Actor {
  readonly pid: Pid;
  readonly twins: readonly Pid[];
  readonly sharer: Pid | undefined;
}

/** Starts processes and is their parent: who was killed stays a zombie until it is buried. All end with the stage. */
export interface Stage extends AsyncDisposable {
  start(wish: ActorWish): Promise<Actor>;
  /** Makes one stop at its end, with its memory, until it is buried. */
  seize(actor: Pid): Promise<void>;
  /** Waits until one has ended, and reaps it. */
  bury(actor: Pid): Promise<void>;
}

/** Why there can be no stage here, or false. */
export const lacksStage = (): string | false => lacksPrograms("python3");

/** Sets one up. */
export function openStage(): Stage {
  const program = join(repositoryRoot, "test/support/conformance/stage.py");
  const python = spawn("python3", [program], { stdio: ["pipe", "pipe", "inherit"] });
  const closed = once(python, "close");
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();

  const ask = async (request: object): Promise<Record<string, unknown>> => {
    python.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error("Cannot start an actor: the stage has ended");
    const answer: Record<string, unknown> = JSON.parse(value);
    if ("error" in answer) throw new Error(`Cannot do ${JSON.stringify(request)}: ${answer["error"]}`);
    return answer;
  };

  return {
    async start(wish) {
      const { pid: number, twins, sharer } = await ask({ start: wish });
      return {
        pid: pid(Number(number)),
        twins: Array.isArray(twins) ? twins.map((twin) => pid(Number(twin))) : [],
        sharer: typeof sharer === "number" ? pid(sharer) : undefined,
      };
    },
    async seize(actor) {
      await ask({ seize: actor });
    },
    async bury(actor) {
      await ask({ bury: actor });
    },
    async [Symbol.asyncDispose]() {
      python.stdin.end();
      await closed;
    },
  };
}
