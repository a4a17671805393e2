import { SystemError } from "#domain/system-error.ts";
import { add, atLeast, type Milliseconds, seconds } from "#domain/units.ts";
import type { Journal } from "#journal/journal.ts";
import type { Machine } from "#machine/machine.ts";
import { closeFd, type Fd } from "#native-bindings/file.ts";
import type { Answered, SettingsReader } from "./ask-settings.ts";
import type { ConfigChoice } from "./config-files.ts";
import type { AskedSettings } from "./handover.ts";
import type { Turn } from "./loop.ts";
import { isAnyInFlight, resizedTo } from "./resized.ts";
import { type BoundSettings, bindSettings, type SettingsInForce } from "./settings-in-force.ts";

/** The settings a daemon lives by, from its start to its end. */
export interface LiveSettings extends Disposable {
  readonly inForce: BoundSettings;
  /** They are asked for, or being read. */
  readonly isReloading: boolean;
  /** After a turn: they are read again if that was asked for, or resolved anew for a machine that was resized. */
  attend(done: Turn, isReloadAsked: boolean): void;
}

/** What keeping settings needs of its surroundings. */
export interface KeepingSettings {
  readonly journal: Journal;
  readonly machine: Pick<Machine, "now" | "wake">;
  readonly choice: ConfigChoice;
  /** The settings as they were written; from now on they are ours to close. */
  readonly letter: Fd;
  /** Lets others read settings. @throws SystemError */
  readonly ask: (asked: AskedSettings, letter: Fd) => SettingsReader;
  /** Is told of the settings at the start, and of each that take their place. */
  readonly note: (letter: Fd) => void;
}

/** A reader takes memory and time: under an alarm it waits for so long that the alarm may be over. Not for ever: it may be wrong settings that raise it. */
const longestWait = seconds(10);
const lookAgainAfter = 20;

interface Wanted {
  readonly asked: AskedSettings;
  readonly since: Milliseconds;
  readonly isPutOff: boolean;
}

/** Says which settings are in force, and what may be wrong with them. */
export function announceSettings(
  journal: Journal,
  event: "config.loaded" | "config.reloaded",
  { files, recipe, advice }: SettingsInForce,
): void {
  journal.emit(event, { files, policy: recipe.policy.name, rules: recipe.rules.length });
  for (const each of advice) journal.emit("config.advised", { advice: each });
}

/** Keeps the settings a daemon begins with, and lets others read new ones while it looks at memory. */
export function keepSettings(begun: BoundSettings, keeping: KeepingSettings): LiveSettings {
  const { journal, machine, choice, ask, note } = keeping;
  let inForce = begun;
  let { letter } = keeping;
  let wanted: Wanted | undefined;
  let underWay: { readonly asked: AskedSettings; readonly reader: SettingsReader } | undefined;
  note(letter);

  const want = (asked: AskedSettings): void => {
    wanted = { asked, since: machine.now(), isPutOff: false };
  };

  const refuse = (asked: AskedSettings, problems: readonly string[]): void => {
    journal.emit("config.refused", { problems });
    // Said once: the next size is another one.
    if (asked.kind === "refit") inForce = { ...inForce, facts: asked.facts };
  };

  const putInForce = (asked: AskedSettings, made: BoundSettings): void => {
    inForce = made;
    note(letter);
    if (asked.kind === "refit") tellSize(journal, made);
    else {
      announceSettings(journal, "config.reloaded", made);
      tellFixed(journal, begun, made);
    }
  };

  const conclude = async (asked: AskedSettings, answered: Answered): Promise<void> => {
    if (answered.kind === "none") return refuse(asked, [`Cannot read the settings: ${answered.why}; try again`]);
    const { answer, letter: fresh } = answered;
    if (answer.kind === "refused") {
      closeFd(fresh);
      return refuse(asked, answer.problems);
    }
    const made = await bindSettings(answer.settings);
    closeFd(letter);
    letter = fresh;
    putInForce(asked, made);
  };

  const follow = (asked: AskedSettings, reader: SettingsReader): void => {
    const answered = reader.take();
    if (answered === undefined) {
      setTimeout(() => follow(asked, reader), lookAgainAfter).unref();
      return;
    }
    // Between two turns: a turn is never waited in.
    void conclude(asked, answered).then(() => {
      underWay = undefined;
      // The look that is due was paced by the plan that has gone, a service manager hears at the next one that this is over, and more may
      // have been asked for meanwhile: a machine on which nothing moves may not be looked at for a minute.
      machine.wake();
    });
  };

  const begin = (asked: AskedSettings): void => {
    try {
      const reader = ask(asked, letter);
      underWay = { asked, reader };
      follow(asked, reader);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      refuse(asked, [error.message]);
      machine.wake();
    }
  };

  const beginIfItIsTime = (turn: Turn): void => {
    if (wanted === undefined || underWay !== undefined || !turn.isCurrent) return;
    if (mayBegin(wanted, turn, machine.now())) {
      const { asked } = wanted;
      wanted = undefined;
      begin(asked);
    } else if (!wanted.isPutOff) {
      journal.emit("config.waiting", { waits_at_most_ms: longestWait });
      wanted = { ...wanted, isPutOff: true };
    }
  };

  return {
    get inForce() {
      return inForce;
    },
    get isReloading() {
      return wanted?.asked.kind === "reload" || underWay?.asked.kind === "reload";
    },
    attend(done, isReloadAsked) {
      if (isReloadAsked) want({ kind: "reload", settings: choice });
      else if (wanted === undefined && underWay === undefined) {
        const facts = resizedTo({ ...done, facts: inForce.facts });
        if (facts !== undefined) want({ kind: "refit", facts });
      }
      beginIfItIsTime(done);
    },
    [Symbol.dispose]: () => underWay?.reader[Symbol.dispose](),
  };
}

/** Never while somebody is being killed; under an alarm not at once. */
function mayBegin({ since }: Wanted, { engine }: Turn, now: Milliseconds): boolean {
  if (isAnyInFlight(engine)) return false;
  return engine.alarm === undefined || atLeast(now, add(since, longestWait));
}

function tellSize(journal: Journal, { facts, plan }: BoundSettings): void {
  const { min, low, high } = plan.headroom;
  journal.emit("machine.resized", { ram_kib: facts.ram, min_kib: min, low_kib: low, high_kib: high });
}

/** What a daemon takes on once, when it starts. */
const fixedSections = ["journal", "protection"] as const;

function tellFixed(journal: Journal, before: SettingsInForce, now: SettingsInForce): void {
  for (const section of fixedSections) {
    const were = new Map<string, unknown>(Object.entries(before[section]));
    for (const [key, value] of Object.entries(now[section])) {
      if (were.get(key) === value) continue;
      journal.emit("config.advised", {
        advice: `${section}.${key} is another than at the start, and waits for the next start`,
      });
    }
  }
}
