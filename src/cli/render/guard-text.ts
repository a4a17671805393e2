import type { ProcessView } from "#daemon/views/explain-view.ts";
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
  const place = memcg === undefined ? undefined : placeIn(memcg);
  const where = place === undefined ? "" : ` in ${escapeText(place)}`;
  return `guarded: ${role.replaceAll("-", " ")} (${exe === undefined ? "its program is not ours to read" : escapeText(exe)}${where}${proofs[by]})`;
}

/** The part of a cgroup path that tells of a session: the slice that systemd keeps for it, the scope of a login, or the unit. */
function placeIn(cgroup: string): string | undefined {
  const parts = cgroup.split("/");
  return parts.find((part) => part === "session.slice" || /^session-.+\.scope$/.test(part)) ?? parts.findLast(isUnit);
}

const isUnit = (part: string): boolean => part.endsWith(".scope") || part.endsWith(".service");
