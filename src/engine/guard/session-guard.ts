import { containerIn } from "#domain/container.ts";
import type { Guard, SessionRole } from "#domain/guard.ts";
import type { ProcessFacts, ProcessTraits } from "#domain/process.ts";
import type { CgroupPath } from "#domain/units.ts";
import { rememberTexts } from "#engine/remember.ts";
import { isInstalled, roleOfProgram } from "./session-programs.ts";

/** What a process is to its session, as far as it shows by itself. */
export interface Standing {
  readonly guard: Guard | undefined;
  /** Its relatives may show more. */
  readonly asksKin: boolean;
  /** What its program would make it, by the name alone. */
  readonly role?: SessionRole;
}

/**
 * What a process is by itself. A program counts where only root can put it; a shell, only when it leads a session with a controlling
 * terminal: somebody sits there. Asked once for as long as its traits are the same object.
 */
export function standingOf(process: ProcessFacts): Standing {
  const { traits, leadsTerminal, leadsSession } = process;
  const before = known.get(traits);
  if (before !== undefined && before.leadsTerminal === leadsTerminal && before.leadsSession === leadsSession) {
    return before.standing;
  }
  const standing = findStanding(process);
  known.set(traits, { leadsTerminal, leadsSession, standing });
  return standing;
}

/** What is asked of a process besides its traits. */
type Leads = Pick<ProcessFacts, "leadsTerminal" | "leadsSession">;

const known = new WeakMap<
  ProcessTraits,
  { readonly [L in keyof Leads]: Leads[L] | undefined } & { readonly standing: Standing }
>();

const nobody: Standing = { guard: undefined, asksKin: false };
const perhaps: Standing = { guard: undefined, asksKin: true };

function findStanding({ traits: { exe, cgroup }, leadsTerminal, leadsSession }: ProcessFacts): Standing {
  const place = placeOf(cgroup);
  if (place === "container") return nobody;
  const isOfRoot = exe === undefined || isInstalled(exe);
  const role = exe === undefined ? undefined : roleOfProgram(exe);
  if (role !== undefined && isOfRoot && role !== "shell") return guardedAs(role, "program");
  if (role === "shell" && isOfRoot && leadsTerminal === true) return guardedAs(role, "leads-terminal");
  // A compositor may start applications in its own unit: they are in the slice of the session, and lead no session there.
  if (place === "session-slice" && isOfRoot && leadsSession !== false) return guardedAs("session", "session-slice");
  if (role !== undefined) return { ...perhaps, role };
  return place === "login-scope" ? perhaps : nobody;
}

const guardedAs = (role: SessionRole, by: Guard["by"]): Standing => ({ guard: { role, by }, asksKin: false });

/** Finds the relatives of a process. */
export interface Kinship {
  /** Undefined: a look did not see it. */
  parentOf(process: ProcessFacts): ProcessFacts | undefined;
  childrenOf(process: ProcessFacts): readonly ProcessFacts[];
  /** Whether a display manager started it. */
  isOfDisplayManager(process: ProcessFacts): boolean;
}

/**
 * What a process is by its relatives: what a display manager starts in the scope of a login is the session, whatever it is called; and a
 * terminal or a shell that somebody installed for himself is known by what it started, or who started it.
 */
export function guardByKin(process: ProcessFacts, kin: Kinship): Guard | undefined {
  const { asksKin, role } = standingOf(process);
  if (!asksKin) return undefined;
  // Of thousands in the scope of a login hardly anybody is asked more than this.
  if (role === undefined) return kin.isOfDisplayManager(process) ? { role: "session", by: "parent" } : undefined;
  return (
    guardOfTerminal(process, role, kin) ??
    (isInLogin(process) && kin.isOfDisplayManager(process) ? { role: "session", by: "parent" } : undefined)
  );
}

const isInLogin = ({ traits }: ProcessFacts): boolean => placeOf(traits.cgroup) === "login-scope";

function guardOfTerminal(process: ProcessFacts, role: SessionRole, kin: Kinship): Guard | undefined {
  if (role === "shell") {
    const from = guardRole(kin.parentOf(process));
    const isOpened = opensTerminals(from) || from === "login" || from === "ssh";
    return process.leadsTerminal === true && isOpened ? { role, by: "parent" } : undefined;
  }
  if (!opensTerminals(role)) return undefined;
  return kin.childrenOf(process).some(({ leadsTerminal }) => leadsTerminal) ? { role, by: "children" } : undefined;
}

/** Whether somebody is a display manager: what it starts in the scope of a login is the session. */
export const isDisplayManager = (process: ProcessFacts | undefined): boolean =>
  guardRole(process) === "display-manager";

const guardRole = (process: ProcessFacts | undefined): SessionRole | undefined =>
  process && standingOf(process).guard?.role;

const opensTerminals = (role: SessionRole | undefined): boolean => role === "terminal" || role === "multiplexer";

/** What a cgroup says of those in it. */
type Place = "container" | "session-slice" | "login-scope" | "elsewhere";

/** What GNOME and Plasma put beside the applications. @see systemd.special(7) */
const sessionSlice = /\/user@\d+\.service\/session\.slice\//;
/** Whom pam_systemd(8) put into the scope of his login. */
const loginScope = /\/session-[^/]+\.scope(\/|$)/;

const placeOf = (cgroup: CgroupPath | undefined): Place => (cgroup === undefined ? "elsewhere" : placeAt(cgroup));

const placeAt = rememberTexts((cgroup: CgroupPath): Place => {
  // A guest has files of its own: what its programs are called says nothing, and it is no part of the session.
  if (containerIn(cgroup) !== undefined) return "container";
  if (sessionSlice.test(cgroup)) return "session-slice";
  return loginScope.test(cgroup) ? "login-scope" : "elsewhere";
});
