import type { Guard, GuardProof, SessionRole } from "#domain/guard.ts";
import { fieldsOf, oneOf } from "./shape.ts";

const sessionRole = oneOf<SessionRole>({
  compositor: "",
  "display-server": "",
  "display-manager": "",
  login: "",
  ssh: "",
  "session-manager": "",
  session: "",
  "desktop-shell": "",
  "service-manager": "",
  "session-service": "",
  "message-bus": "",
  "sound-server": "",
  "screen-locker": "",
  terminal: "",
  multiplexer: "",
  shell: "",
});
const guardProof = oneOf<GuardProof>({
  program: "",
  "leads-terminal": "",
  "session-slice": "",
  parent: "",
  children: "",
});
/** Why somebody goes last. */
export const aGuard = fieldsOf<Guard>({ role: sessionRole, by: guardProof });
