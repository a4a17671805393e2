import {
  add,
  type KiB,
  kib,
  least,
  lessened,
  type Milliseconds,
  mib,
  milliseconds,
  millisecondsToSeconds,
  scale,
} from "#domain/units.ts";
import type { MemoryPhase, SettledScript } from "./process-script.ts";

const nothing = kib(0);

/** The smallest thing a process does to its memory. */
type Step =
  | { readonly kind: "grow"; readonly by: KiB; readonly perSecond: KiB }
  | { readonly kind: "grow-for-ever"; readonly perSecond: KiB }
  | { readonly kind: "hold"; readonly for: Milliseconds }
  | { readonly kind: "give-back"; readonly by: KiB };

/** How far a process has come in what it does to its memory. */
export interface Growth {
  readonly steps: readonly Step[];
  at: number;
  grown: KiB;
  held: Milliseconds;
}

/** A newcomer fills its first memory about as fast as one core can. */
const firstFillPerSecond = mib(4096);

/** Less than this is nothing: it is far below a page. */
const negligible = kib(1);

/** Plans what a process does; one that is there from the beginning has its first memory already. */
export function planGrowth(script: SettledScript): Growth {
  const first: readonly Step[] =
    script.startsAt > 0 && script.anon > 0 ? [{ kind: "grow", by: script.anon, perSecond: firstFillPerSecond }] : [];
  return { steps: [...first, ...script.memory.flatMap(stepsOf)], at: 0, grown: nothing, held: milliseconds(0) };
}

function stepsOf(phase: MemoryPhase): readonly Step[] {
  switch (phase.kind) {
    case "steady":
      return [{ kind: "hold", for: phase.for }];
    case "ramp":
      return [{ kind: "grow", by: phase.by, perSecond: phase.perSecond }];
    case "leak":
      return [{ kind: "grow-for-ever", perSecond: phase.perSecond }];
    case "spike":
      return [
        { kind: "grow", by: phase.by, perSecond: phase.perSecond },
        { kind: "hold", for: phase.hold },
        { kind: "give-back", by: phase.by },
      ];
  }
}

/** What it would grow by in that time, if it were let. */
export function wantedGrowth({ steps, at, grown }: Growth, span: Milliseconds): KiB {
  const step = steps[at];
  switch (step?.kind) {
    case "grow":
      return least(scale(step.perSecond, millisecondsToSeconds(span)), lessened(step.by, grown));
    case "grow-for-ever":
      return scale(step.perSecond, millisecondsToSeconds(span));
    case "hold":
    case "give-back":
    case undefined:
      return nothing;
  }
}

/** How much it would grow by in a second. */
export function growthPerSecond({ steps, at }: Growth): KiB {
  const step = steps[at];
  return step?.kind === "grow" || step?.kind === "grow-for-ever" ? step.perSecond : nothing;
}

/** How long until it does something else, if nothing holds it back. Undefined: never. */
export function untilNextStep({ steps, at, grown, held }: Growth): Milliseconds | undefined {
  const step = steps[at];
  switch (step?.kind) {
    case "grow":
      return step.perSecond === 0 ? undefined : milliseconds((lessened(step.by, grown) / step.perSecond) * 1000);
    case "hold":
      return lessened(step.for, held);
    case "give-back":
      return milliseconds(0);
    case "grow-for-ever":
    case undefined:
      return undefined;
  }
}

/** Takes note of what it was given in a span of time. Returns what it gives back. */
export function advanceGrowth(growth: Growth, given: KiB, span: Milliseconds): KiB {
  const step = growth.steps[growth.at];
  switch (step?.kind) {
    case "grow":
      growth.grown = add(growth.grown, given);
      if (lessened(step.by, growth.grown) < negligible) enterNext(growth);
      return nothing;
    case "hold":
      growth.held = add(growth.held, span);
      if (growth.held >= step.for) enterNext(growth);
      return nothing;
    case "give-back":
      enterNext(growth);
      return step.by;
    case "grow-for-ever":
    case undefined:
      return nothing;
  }
}

function enterNext(growth: Growth): void {
  growth.at += 1;
  growth.grown = nothing;
  growth.held = milliseconds(0);
}
