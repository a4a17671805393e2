import type { ProcessView } from "#daemon/views/explain-view.ts";
import { sessionPlace } from "#daemon/views/session-place.ts";
import { escapeText } from "#journal/escape.ts";

type Ineligible = Extract<ProcessView, { verdict: "ineligible" }>;
type Guard = NonNullable<Ineligible["guard"]>;

/** What shows that somebody is a part of the session, besides its program. */
const proofs: Readonly<Record<Guard["by"], string>> = {
  program: "",
  "session-slice": "",
  "leads-terminal": ", which leads a terminal",
  parent: ", started by one who is guarded",
  children: ", which has a shell running in it",
};

/** `guarded: compositor (/usr/bin/gnome-shell in session.slice)`. */
export function describeGuard({ role, by }: Guard, { exe, memcg }: Pick<Ineligible, "exe" | "memcg">): string {
  const place = memcg === undefined ? undefined : sessionPlace(memcg);
  const where = place === undefined ? "" : ` in ${escapeText(place)}`;
  return `guarded: ${role.replaceAll("-", " ")} (${exe === undefined ? "its program is not ours to read" : escapeText(exe)}${where}${proofs[by]})`;
}
