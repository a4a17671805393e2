import { type IdentityKey, identityKey } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { type KiB, kib, kibToMiB } from "#domain/units.ts";
import type { Recording } from "./record-programs.ts";

/** Where lines go: how deep, and what else is said of those whom nobody of the recording started. */
export interface Place {
  readonly indent: string;
  readonly words: string;
}

/** Lines of a `.tree` as `readTree` reads them: deeper than whoever started it. */
export function writeTree({ before, now }: Recording, { indent, words }: Place): readonly string[] {
  const known = new Map(now.map((each) => [each.identity.pid, each]));
  const earlier = new Map(before.map((each) => [identityKey(each.identity), each]));
  const parentOf = ({ parent }: ProcessFacts) => (parent === undefined ? undefined : known.get(parent));
  const write = (each: ProcessFacts, depth: string): readonly string[] => {
    const parent = parentOf(each);
    const told = [
      /\s/.test(each.comm) ? `"${each.comm}"` : each.comm,
      size(each.memory?.anon ?? kib(0)),
      ...(each.traits.exe === undefined ? [] : [each.traits.exe]),
      ...(parent === undefined ? [words] : []),
      ...traitsOf(each, parent),
      ...growthOf(each, earlier),
    ];
    const started = now.filter((other) => other.parent === each.identity.pid);
    return [`${depth}${told.join(" ")}`, ...started.flatMap((child) => write(child, `${depth}  `))];
  };
  return now.filter((each) => parentOf(each) === undefined).flatMap((root) => write(root, indent));
}

/** In MiB, to a tenth. */
const size = (held: KiB): string => `${kibToMiB(held).toFixed(1)}M`;

/** Less is told of nobody, but for anonymous memory. */
const noticeable = kib(64);

/** What differs from whoever started it. */
function traitsOf({ memory, ...each }: ProcessFacts, parent: ProcessFacts | undefined): readonly string[] {
  const { file = kib(0), shmem = kib(0), swap = kib(0) } = memory ?? {};
  return [
    `file=${size(file)}`,
    ...(shmem < noticeable ? [] : [`shmem=${size(shmem)}`]),
    ...(swap < noticeable ? [] : [`swap=${size(swap)}`]),
    ...(each.oomScoreAdj === (parent?.oomScoreAdj ?? 0) ? [] : [`adj=${each.oomScoreAdj}`]),
    ...(each.leadsTerminal ? ["tty"] : each.leadsSession ? ["sid"] : []),
  ];
}

function growthOf(each: ProcessFacts, earlier: ReadonlyMap<IdentityKey, ProcessFacts>): readonly string[] {
  const before = earlier.get(identityKey(each.identity));
  if (before === undefined) return ["new"];
  const was = before.memory?.anon ?? kib(0);
  return Math.abs((each.memory?.anon ?? kib(0)) - was) < noticeable ? [] : [`was=${size(was)}`];
}
