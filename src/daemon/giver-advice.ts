import { type Problem, warning } from "#config/problem.ts";
import type { WrittenGiver } from "#config/written-giver.ts";
import type { Giver } from "#domain/giver.ts";
import { describeFailure } from "#domain/system-error.ts";
import { objectionToGiver } from "#linux/giver-work.ts";

/** Whom this machine will ask, and what is to be said about the others. */
export interface TrustedGivers {
  readonly givers: readonly Giver[];
  readonly advice: readonly Problem[];
}

/**
 * Leaves hooks out while others may change the settings, be it one file or a folder: they could have anything run with our
 * rights. Those that cannot be asked for another reason stay, since that may change before they are needed; the machine looks
 * again when it makes them ready.
 */
export function trustGivers(
  written: readonly WrittenGiver[],
  [distrusted]: readonly Pick<Problem, "place">[],
): TrustedGivers {
  const [out, kept] =
    distrusted === undefined ? [[], written] : [written.filter(isHook), written.filter((each) => !isHook(each))];
  return {
    givers: kept.map(({ giver }) => giver),
    advice: [...out.map((each) => distrust(each, distrusted)), ...kept.flatMap(adviseOn)],
  };
}

const isHook = ({ giver: { means } }: WrittenGiver): boolean => means.kind === "hook" || means.kind === "program";

/** As its author would call it. */
const nounFor = ({ means, name }: Giver): string => (means.kind === "program" ? `run ${name}` : `giver "${name}"`);

function adviseOn({ giver, place }: WrittenGiver): readonly Problem[] {
  const objection = objectionToGiver(giver);
  return objection === undefined ? [] : [warning(place, `${describeFailure(objection)} (${nounFor(giver)})`)];
}

function distrust({ giver, place }: WrittenGiver, distrusted: Pick<Problem, "place"> | undefined): Problem {
  const found = `others may change "${distrusted?.place.source.path}", and so have anything run`;
  return warning(place, `Cannot use the ${nounFor(giver)}: ${found}; it is left out`);
}
