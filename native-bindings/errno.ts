import koffi from "koffi";
import { SystemError } from "#domain/system-error.ts";
import { adviceFor } from "./errno-advice.ts";
import { lazy } from "./libc.ts";

/** Of two names for one number, the one `man` uses for the calls here. */
const preferredNames = ["EAGAIN", "EOPNOTSUPP"];

const namesByNumber = lazy(() => {
  const names = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
  for (const name of preferredNames) names.set(errnoNumber(name), name);
  return names;
});

/** `EPERM` for 1. A number this platform has no name for is shown as it is. */
export const errnoName = (number: number): string => namesByNumber().get(number) ?? `errno ${number}`;

/** 1 for `EPERM`. @throws RangeError for a name this platform does not know. */
export function errnoNumber(name: string): number {
  const number = koffi.os.errno[name];
  if (number === undefined) throw new RangeError(`Cannot find errno "${name}": this platform does not know it`);
  return number;
}

/** What a call refused, ready to be thrown. `errno` must have been read right after the call. */
export function refusal(call: string, errno: number, subject: string): SystemError {
  const name = errnoName(errno);
  return new SystemError({ call, errno: name, subject, advice: adviceFor(call, name) });
}
