import type { Milliseconds } from "#domain/units.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import { boottimeNow } from "#native-bindings/boottime.ts";
import { type KillBatch, makeKillBatch } from "#native-bindings/kill-batch.ts";
import { type Actor, makeActor } from "./act.ts";
import { bystandingGivers, makeBystander } from "./bystander.ts";
import { monotonicNow } from "./clock.ts";
import { type DescriptorReserve, readInReserve } from "./descriptor-reserve.ts";
import { ignore } from "./failure.ts";
import { type Givers, makeGivers } from "./givers.ts";
import { findMemcgHierarchy } from "./memcg-hierarchy.ts";
import { makePassedOverTest } from "./passed-over.ts";
import { armPressureTrigger, type PressureTrigger } from "./pressure-trigger.ts";
import { type Privileges, probeAbilities, probePrivileges, requireOwnProc, type Visible } from "./probe.ts";
import { makeProcessFiles } from "./process-files.ts";
import { makeReaper } from "./reaper.ts";
import { makeSleepMeter } from "./sleep-meter.ts";

/** What a machine acts with. */
export interface Means {
  readonly capabilities: Omit<Capabilities, keyof Visible>;
  readonly trigger: PressureTrigger | undefined;
  /** How long the machine was suspended since this was last asked. Undefined: not at all. */
  readonly sleptFor: () => Milliseconds | undefined;
  /** `tell` is called when there is news of a victim. */
  readonly makeActor: (tell: () => void, sendTo: Givers["sendTo"]) => Actor;
  /** `tell` is called when there is news of a giver. */
  readonly makeGivers: (tell: () => void) => Givers;
}

/** The means of the kernel that runs us. @throws SystemError when /proc tells of other processes than the kernel does */
export function takeLiveMeans(kernelRelease: string, reserve: DescriptorReserve): Means {
  requireOwnProc();
  const files = readInReserve(makeProcessFiles(""), reserve);
  const privileges: Privileges = probePrivileges();
  const abilities = probeAbilities();
  const trigger = armPressureTrigger(privileges.canLowerOomScoreAdj);
  const batch = abilities.hasPidfd && abilities.hasProcessMrelease ? makeBatchIfAllowed() : undefined;
  const { hasProcessMrelease } = abilities;
  return {
    capabilities: {
      ...privileges,
      ...abilities,
      canReapAtOnce: batch !== undefined,
      hasPressureTriggers: trigger !== undefined,
    },
    trigger,
    makeGivers: (tell) => makeGivers({ now: monotonicNow, tell }),
    sleptFor: makeSleepMeter({ monotonic: monotonicNow, boottime: boottimeNow }),
    makeActor: (tell, sendTo) =>
      makeActor({
        sendTo,
        files,
        isPassedOver: makePassedOverTest(kernelRelease, files),
        now: monotonicNow,
        hierarchy: () => findMemcgHierarchy(""),
        makeReaper: (killNewSharers) =>
          makeReaper({ now: monotonicNow, batch, hasProcessMrelease, killNewSharers, tell }),
      }),
  };
}

/** A recorded tree can be looked at. No call is made on its behalf: its pids are those of strangers here. */
export const recordedMeans = (root: string): Means => ({
  capabilities: {
    isRoot: false,
    canSignalOthers: false,
    canLowerOomScoreAdj: false,
    hasPidfd: false,
    hasProcessMrelease: false,
    canReapAtOnce: false,
    canReadPrograms: true,
    canCompareMemory: false,
    hasPressureTriggers: false,
  },
  trigger: undefined,
  sleptFor: () => undefined,
  makeActor: () => makeBystander(root),
  makeGivers: () => bystandingGivers(root),
});

function makeBatchIfAllowed(): KillBatch | undefined {
  try {
    return makeKillBatch();
  } catch (error) {
    return ignore(error, "without it SIGKILL is sent from the main thread, and the reaping follows from another");
  }
}
