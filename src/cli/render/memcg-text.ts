import type { MemcgView, SeenMemcg } from "#daemon/views/memcg-view.ts";
import { describeSize } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";
import { describePresent, describeRank, describeReason, whom } from "#journal/phrases.ts";
import type { Style } from "./style.ts";
import { wrapAfter } from "./wrap.ts";

const notWatched: Readonly<Record<Exclude<MemcgView["standing"], "watched">, string>> = {
  absent: "is not there now",
  unlimited: "has no limit, and so no shortage of its own",
  "limit-too-small": "has a limit that its watermarks do not fit into",
};

/** Every memcg that is to be watched, against the watermarks within its limit. */
export const renderMemcgs = (memcgs: readonly MemcgView[], style: Style): readonly string[] =>
  memcgs.length === 0 ? [] : ["MEMCGS", ...memcgs.map((memcg) => renderMemcg(memcg, style))];

function renderMemcg({ memcg, standing, seen, limit_kib: limit }: MemcgView, style: Style): string {
  const name = `  ${escapeText(memcg)} `;
  if (seen !== undefined) return renderSeen(name, { ...seen, hasLimit: limit !== undefined }, style);
  return style.warning(wrapAfter(name, standing === "watched" ? "is watched" : notWatched[standing]));
}

function renderSeen(name: string, seen: SeenMemcg & { readonly hasLimit: boolean }, style: Style): string {
  const { alarm, headroom_kib: headroom, low_kib: low, limits, hasLimit } = seen;
  const present = [
    ...(hasLimit ? [`has ${describeSize(headroom)} of headroom, low is ${describeSize(low)}`] : ["has no limit"]),
    ...limits.map(describePresent),
  ].join("; ");
  const text =
    alarm === undefined
      ? `${present}; ${firstToGo(seen)}`
      : `alarm ${alarm.alarm_kind}: ${describeReason(alarm)}; ${firstToGo(seen)}`;
  const wrapped = wrapAfter(name, text);
  if (alarm === undefined) return wrapped;
  return alarm.alarm_kind === "approaching" ? style.warning(wrapped) : style.bad(wrapped);
}

function firstToGo({ members, first, chosen }: SeenMemcg): string {
  if (members === undefined) return "its members cannot be read";
  const all = `${members} member${members === 1 ? "" : "s"}`;
  if (first === undefined) return `of its ${all} nobody is eligible`;
  return `of its ${all} the first to go is ${whom(first)}${chosen === undefined ? "" : ofCgroups(chosen)}`;
}

/** From which of the cgroups inside, and which come after it. */
function ofCgroups({
  chosen_by: by,
  chosen_memcg: path,
  memcg_ranking: ranking,
}: NonNullable<SeenMemcg["chosen"]>): string {
  const places = ranking.map((each) => `${escapeText(each.memcg)} ${describeRank(each, by)}`);
  return ` of ${escapeText(path)}; by ${by}: ${places.join(", ")}`;
}
