import type { Quiet } from "#domain/quiet.ts";
import { type Milliseconds, subtract } from "#domain/units.ts";
import type { Waker } from "#machine/machine.ts";
import type { VigilEnding } from "#native-bindings/vigil.ts";
import { makePoller, type Watch } from "./poller.ts";
import type { PressureTrigger } from "./pressure-trigger.ts";
import type { QuietWatch } from "./quiet-watch.ts";
import type { Victim } from "./victim.ts";

/** Waits for time, for the kernel and for us. */
export interface Waiter extends Disposable {
  wait(until: Milliseconds, quiet?: Quiet): Promise<Waker>;
  /** There is something to look at now. */
  tell(news: News): void;
  /** What there was to tell of victims has been sensed. */
  forgetVictims(): void;
  /** Others are to be watched than before. */
  watchVictims(victims: readonly Victim[]): void;
}

/** What ends a wait before its time. */
export type News = Exclude<Waker, "due">;

const byUrgency: readonly News[] = ["called", "victim", "giver", "pressure"];

/** What waiting needs of its surroundings. */
export interface WaiterOptions {
  readonly now: () => Milliseconds;
  readonly trigger: PressureTrigger | undefined;
  /** What is not to move; ours to close. */
  readonly quietWatch: QuietWatch;
}

/** Time is the event loop's; what the kernel has to say comes from a thread that polls. */
export function makeWaiter({ now, trigger, quietWatch }: WaiterOptions): Waiter {
  const news = new Set<News>();
  let isDisposed = false;
  let endWait: (() => void) | undefined;

  const tell = (what: News): void => {
    news.add(what);
    endWait?.();
  };

  const poller = makePoller(() => {
    trigger?.[Symbol.dispose]();
    quietWatch[Symbol.dispose]();
  });
  let victimWatches: readonly Watch[] = [];
  let triggerWatches: readonly Watch[] = trigger ? [watchTrigger(trigger, tell)] : [];
  const watchAll = (): void => poller.watch([...triggerWatches, ...victimWatches]);
  watchAll();

  const pass = (until: Milliseconds): Promise<void> =>
    new Promise((resolve) => {
      let isOver = false;
      let timer: NodeJS.Timeout | undefined;
      const end = (): void => {
        isOver = true;
        clearTimeout(timer);
        endWait = undefined;
        resolve();
      };
      const sleepOn = (): void => {
        // Whoever was told something before this turn is gone: a timer set now would end the next wait, and keep us alive.
        if (isOver) return;
        if (news.size > 0 || isDisposed || now() >= until) end();
        else timer = setTimeout(sleepOn, leftUntil(until, now()));
      };
      endWait = end;
      // Even what is due already goes through the event loop: answers of threads and signals get their turn.
      setImmediate(sleepOn);
    });

  const keepVigil = async (quiet: Quiet): Promise<VigilEnding["why"]> => {
    const { every, until } = quiet;
    const rounds = Math.floor(subtract(until, now()) / every);
    const files = rounds < 1 ? undefined : quietWatch.guard(quiet);
    if (files === undefined) return "failed";
    endWait = () => void poller.stop();
    const { why, last } = await poller.keepVigil({ every, rounds, files });
    endWait = undefined;
    quietWatch.remember(last);
    return why;
  };

  /** Waits as long as nothing moves. False: that cannot be told, and a look has to. */
  const passQuietly = async (quiet: Quiet): Promise<boolean> => {
    // What is there to be told already, or was before this turn of the event loop is over, comes first.
    await nextTurn();
    await poller.stop();
    let why: VigilEnding["why"] = "ready";
    // Who was ready may have had nothing to tell: a trigger that is armed fires once without a stall.
    while (why === "ready" && news.size === 0 && !isDisposed) why = await keepVigil(quiet);
    return why !== "failed";
  };

  return {
    async wait(until, quiet) {
      if (quiet === undefined || !poller.canKeepVigil || !(await passQuietly(quiet))) {
        poller.start();
        await pass(until);
      }
      const first = byUrgency.find((what) => news.has(what));
      // What became of a victim is news until a look has seen it: then forgetVictims() is called.
      if (first !== undefined && first !== "victim") news.delete(first);
      return first ?? "due";
    },
    tell,
    forgetVictims: () => void news.delete("victim"),
    watchVictims(victims) {
      victimWatches = victims.flatMap((victim) => watchVictim(victim, { now, tell }));
      watchAll();
    },
    [Symbol.dispose]() {
      isDisposed = true;
      triggerWatches = [];
      endWait?.();
      poller[Symbol.dispose]();
    },
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Node's timers count in 32 bits, and one that is longer fires at once. */
const longestTimer = 2 ** 31 - 1;

/** Rounded up: a wait must not end before its time. */
const leftUntil = (until: Milliseconds, at: Milliseconds): number =>
  Math.min(longestTimer, Math.ceil(subtract(until, at)));

const watchTrigger = (trigger: PressureTrigger, tell: (news: News) => void): Watch => ({
  fd: trigger.fd,
  until: "priority",
  heed(readiness) {
    if (readiness === "failed") return false;
    if (trigger.hasStalled()) tell("pressure");
    return true;
  },
});

interface Listener {
  readonly now: () => Milliseconds;
  readonly tell: (news: News) => void;
}

/** Each process that holds the memory, or dies with its memcg, is watched until it has exited; news is only that all of them have. */
const watchVictim = (victim: Victim, { now, tell }: Listener): readonly Watch[] =>
  [...victim.holds, ...victim.group].flatMap(({ descriptor }): readonly Watch[] => {
    if (descriptor === undefined || victim.isExitSensed) return [];
    return [
      {
        fd: descriptor.pidfd,
        until: "readable",
        lend: () => descriptor.lend(),
        heed() {
          const isOld = victim.isReleased || victim.isExitSensed;
          if (!isOld && victim.exitedAt(now()) !== undefined) tell("victim");
          return false;
        },
      },
    ];
  });
