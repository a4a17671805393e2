import type { Decision } from "#domain/decision.ts";
import {
  type Giver,
  type GiverDecision,
  type GiverReport,
  isSameGiver,
  type LackingGiver,
  type Unready,
} from "#domain/giver.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { SystemError } from "#domain/system-error.ts";
import type { Errand } from "./errand.ts";
import { failureOf } from "./failure.ts";
import { type GiverStage, makeStage, type StageMeans } from "./giver-stage.ts";
import { type GiverWork, planWork } from "./giver-work.ts";

/** Those who can give memory back, each a process that waits to be asked. */
export interface Givers extends Disposable {
  act(decision: GiverDecision): Outcome;
  /** Has a program ask a victim to leave, which is held already. */
  sendTo(victim: Extract<Decision, { kind: "signal" }>, program: Giver): Outcome;
  /** What a snapshot says of those who were asked. */
  report(): Pick<Snapshot, "givers">;
}

interface Enlisted {
  readonly giver: Giver;
  readonly work: GiverWork;
  readonly stage: GiverStage;
}

interface AskedStage {
  readonly kind: "asked";
  readonly stage: GiverStage;
  /** From when it is done on. */
  report: GiverReport | undefined;
}

type Asked = AskedStage | { readonly kind: "unready"; readonly why: Unready };

/** Nobody is ready yet. */
export function makeGivers(means: StageMeans): Givers {
  const ready = new Map<string, Enlisted>();
  const asked = new Map<string, Asked>();
  /** Stopped, and not gone yet: a process in uninterruptible sleep can stay for ever. */
  const lingering = new Map<string, GiverStage>();

  const makeReady = (giver: Giver): LackingGiver | undefined => {
    try {
      const work = planWork(giver);
      ready.set(giver.name, { giver, work, stage: makeStage(work, means) });
      return undefined;
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      return { giver, failure: failureOf(error, error.subject) };
    }
  };

  const isHanging = (name: string): boolean => {
    const stage = lingering.get(name);
    if (stage !== undefined && stage.ending() === undefined) return true;
    lingering.delete(name);
    return false;
  };

  /** Those who wait already and are still the same are left in peace. */
  const enlist = (givers: readonly Giver[]): Outcome => {
    for (const [name, { giver, stage }] of ready) {
      if (givers.some((other) => isSameGiver(other, giver)) && stage.ending() === undefined) continue;
      stage[Symbol.dispose]();
      ready.delete(name);
    }
    const missing = givers.filter(({ name }) => !ready.has(name) && !isHanging(name));
    return { kind: "enlisted", lacking: missing.map(makeReady).filter((lacking) => lacking !== undefined) };
  };

  const refuse = (name: string, why: Unready): Outcome => {
    asked.set(name, { kind: "unready", why });
    means.tell();
    return { kind: "unready", why };
  };

  const ask = (giver: Giver, errand: Errand): Outcome => {
    const { name } = giver;
    const enlisted = ready.get(name);
    // Other settings may be in force than those it was made ready under.
    const isSame = enlisted !== undefined && isSameGiver(enlisted.giver, giver);
    if (!isSame) return refuse(name, isHanging(name) ? "busy" : "not-ready");
    ready.delete(name);
    const { stage, work } = enlisted;
    if (!tellSafely(stage, () => work.tell(errand))) {
      stage[Symbol.dispose]();
      return refuse(name, "not-ready");
    }
    asked.set(name, { kind: "asked", stage, report: undefined });
    return { kind: "asked" };
  };

  const dismiss = ({ name }: Giver): Outcome => {
    const record = asked.get(name);
    asked.delete(name);
    if (record?.kind === "asked") {
      const { stage } = record;
      if (stage.ending() === undefined) lingering.set(name, stage);
      stage[Symbol.dispose]();
    }
    return { kind: "released" };
  };

  return {
    act(decision) {
      switch (decision.kind) {
        case "enlist":
          return enlist(decision.givers);
        case "ask":
          return ask(decision.giver, decision);
        case "dismiss":
          return dismiss(decision.giver);
      }
    },
    sendTo: (victim, program) => ask(program, victim),
    report: () => (asked.size === 0 ? {} : { givers: [...asked].map(([giver, record]) => reportOf(giver, record)) }),
    [Symbol.dispose]() {
      for (const { stage } of ready.values()) stage[Symbol.dispose]();
      for (const record of asked.values()) if (record.kind === "asked") record.stage[Symbol.dispose]();
      ready.clear();
      asked.clear();
      lingering.clear();
    },
  };
}

/** Whoever has gone while it waited, or whose memcg has, cannot be asked. */
function tellSafely(stage: GiverStage, line: () => string): boolean {
  try {
    return stage.tell(line());
  } catch (error) {
    failureOf(error, "a giver");
    return false;
  }
}

function reportOf(giver: string, record: Asked): GiverReport {
  if (record.kind === "unready") return { giver, ...record };
  const done = record.stage.ending();
  if (done === undefined) return { giver, kind: "giving" };
  // What it wrote can be read once.
  record.report ??= { giver, kind: "done", ...done, output: record.stage.takeOutput() };
  return record.report;
}
