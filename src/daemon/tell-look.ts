import { knownValue } from "#domain/snapshot.ts";
import { milliseconds, subtract } from "#domain/units.ts";
import type { Journal } from "#journal/journal.ts";
import type { Machine } from "#machine/machine.ts";
import type { Turn } from "./loop.ts";

/** What one turn saw and how long it took, with what it wrote. The next one after 0 ms is the closer look. */
export function tellLook(journal: Journal, machine: Machine, { snapshot, engine, next }: Turn): void {
  const now = machine.now();
  const meminfo = knownValue(snapshot.meminfo);
  journal.emit("look.taken", {
    took_ms: subtract(now, snapshot.takenAt),
    next_look_ms: milliseconds(Math.max(0, next.at - now)),
    ...(engine.trend && { headroom_kib: engine.trend.headroom }),
    ...(meminfo?.available !== undefined && { available_kib: meminfo.available }),
    ...(meminfo && { swap_free_kib: meminfo.swapFree }),
    ...(engine.alarm && { alarm_kind: engine.alarm.kind }),
  });
}
