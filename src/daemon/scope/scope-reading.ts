import type { OomGroup, OomScope } from "#domain/oom-scope.ts";
import { SystemError } from "#domain/system-error.ts";
import type { CgroupPath } from "#domain/units.ts";
import { failureOf } from "#linux/failure.ts";

/** A scope somebody asked about. */
export interface AskedScope {
  readonly kind: "scope";
  readonly scope: OomScope;
  /** The memcg that would be killed as a whole with a process of this one. */
  readonly groupOf: (memcg: CgroupPath) => OomGroup | undefined;
}

/** A scope somebody asked about, or why there is none such. */
export type ScopeReading = AskedScope | RefusedScope;

/** What was asked for makes no sense, is not there, or is not to be had on this machine. */
export interface RefusedScope {
  readonly kind: "refused";
  readonly trouble: "usage" | "no" | "unsupported";
  /** For people: what is there instead. */
  readonly text: string;
}

/** A scope that cannot be had. */
export const refuseScope = (trouble: RefusedScope["trouble"], text: string): RefusedScope => ({
  kind: "refused",
  trouble,
  text,
});

/** Reads something of the kernel. @throws SystemError for whatever refuses it */
export function reading<T>(subject: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof SystemError) throw error;
    throw new SystemError(failureOf(error, subject), { cause: error });
  }
}
