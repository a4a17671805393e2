/** A part of the session, or of the way into it. */
export type SessionRole =
  | "compositor"
  | "display-server"
  | "display-manager"
  | "login"
  | "ssh"
  | "session-manager"
  | "session"
  | "desktop-shell"
  | "service-manager"
  | "session-service"
  | "message-bus"
  | "sound-server"
  | "screen-locker"
  | "terminal"
  | "multiplexer"
  | "shell";

/** What showed it: the program alone, that it leads a terminal, where it runs, who started it, or what it started. */
export type GuardProof = "program" | "leads-terminal" | "session-slice" | "parent" | "children";

/** Why somebody goes last. */
export interface Guard {
  readonly role: SessionRole;
  readonly by: GuardProof;
}
