import { type VmGuard, vmGuards } from "./guards.ts";
import { type KernelSeries, kernelSeries } from "./kernel.ts";
import { readStory, storyNames, type VmStory } from "./story.ts";

/** The options of everything that plays stories in guests, for `parseArgs`. */
export const guestOptions = {
  kernel: { type: "string", default: kernelSeries[0] },
  "at-once": { type: "string", default: "2" },
} as const;

/** The names of all guards, as a list for a reader. */
export const guardNames = vmGuards.map(({ name }) => name).join(", ");

/** The guards of these names. @throws RangeError if there is none of one of them */
export const chooseGuards = (names: readonly string[]): readonly VmGuard[] =>
  names.map((name) => {
    const guard = vmGuards.find((each) => each.name === name);
    return guard ?? refuse(`Cannot play under "${name}": choose among ${guardNames}`);
  });

/** @throws RangeError if no kernel of it can be had */
export const chooseSeries = (name: string): KernelSeries =>
  kernelSeries.find((each) => each === name) ??
  refuse(`Cannot boot Linux "${name}": choose among ${kernelSeries.join(", ")}`);

/** The stories whose names begin so, each once, in the order they are asked for; all, if nothing is. @throws RangeError if there is none */
export function chooseStories(beginnings: readonly string[]): readonly VmStory[] {
  const names = storyNames();
  const wanted = beginnings.flatMap((beginning) => {
    const found = names.filter((name) => name.startsWith(beginning));
    return found.length > 0 ? found : refuse(`Cannot play "${beginning}…": choose among ${names.join(", ")}`);
  });
  return (wanted.length === 0 ? names : [...new Set(wanted)]).map(readStory);
}

/** How many of something an option asks for. @throws RangeError unless it is a whole number above 0 */
export function chooseCount(option: string, text: string): number {
  const count = Number(text);
  return Number.isSafeInteger(count) && count > 0
    ? count
    : refuse(`Cannot take --${option} ${text}: give a whole number above 0`);
}

const refuse = (why: string): never => {
  throw new RangeError(why);
};
