import { cgroupPath, type KiB, kib, least, mib, oomScoreAdj, scale, uid } from "#domain/units.ts";
import type { ProcessScript } from "#simulated/process-script.ts";

/** One program of the session, in shares of what all of it holds. */
interface Program {
  readonly name: string;
  /** Below the user's own service manager, unless it begins with a slash. */
  readonly cgroup: string;
  readonly share: number;
  readonly copies?: number;
  /** Mapped program text, beside its anonymous memory. */
  readonly text?: number;
  readonly isInteractive?: boolean;
  readonly leadsTerminal?: boolean;
  readonly adj?: number;
  readonly parent?: string;
}

const user = uid(1000);
const userManager = "/user.slice/user-1000.slice/user@1000.service";

/** As GNOME starts it: the shell in session.slice, each application in a scope of its own, tabs beside their browser. */
const programs: readonly Program[] = [
  { name: "systemd", cgroup: "init.scope", share: 0.005 },
  { name: "dbus-broker", cgroup: "session.slice/dbus-broker.service", share: 0.005 },
  { name: "pipewire", cgroup: "session.slice/pipewire.service", share: 0.005 },
  {
    name: "gnome-shell",
    cgroup: "session.slice/org.gnome.Shell@wayland.service",
    share: 0.12,
    text: 0.03,
    isInteractive: true,
  },
  { name: "Xwayland", cgroup: "session.slice/org.gnome.Shell@wayland.service", share: 0.02, parent: "gnome-shell" },
  { name: "gsd-media-keys", cgroup: "session.slice/org.gnome.SettingsDaemon.MediaKeys.service", share: 0.015 },
  {
    name: "firefox",
    cgroup: "app.slice/app-gnome-firefox-2501.scope",
    share: 0.2,
    text: 0.04,
    isInteractive: true,
  },
  {
    name: "Isolated Web Co",
    cgroup: "app.slice/app-gnome-firefox-2501.scope",
    share: 0.07,
    copies: 3,
    adj: 100,
    parent: "firefox",
  },
  { name: "code", cgroup: "app.slice/app-gnome-code-3100.scope", share: 0.09, text: 0.02, isInteractive: true },
  { name: "code-extensions", cgroup: "app.slice/app-gnome-code-3100.scope", share: 0.08, adj: 300, parent: "code" },
  { name: "thunderbird", cgroup: "app.slice/app-gnome-thunderbird-2700.scope", share: 0.09 },
  { name: "slack", cgroup: "app.slice/app-gnome-slack-2800.scope", share: 0.09, adj: 300 },
  {
    name: "gnome-terminal-",
    cgroup: "app.slice/org.gnome.Terminal.service",
    share: 0.015,
    text: 0.005,
    isInteractive: true,
  },
  {
    name: "bash",
    cgroup: "app.slice/vte-spawn-1.scope",
    share: 0.005,
    parent: "gnome-terminal-",
    leadsTerminal: true,
  },
  { name: "packagekitd", cgroup: "/system.slice/packagekit.service", share: 0.03 },
  { name: "NetworkManager", cgroup: "/system.slice/NetworkManager.service", share: 0.01 },
  { name: "systemd-journal", cgroup: "/system.slice/systemd-journald.service", share: 0.01 },
];

/** Programs hold more on a larger machine; they do not become larger themselves. */
const mostText = mib(256);

/** Of what a program holds, so much is in use; it goes through that once in ten seconds. */
const hotShare = 1 / 2;
const perSecond = 1 / 10;

/** A session as people have it, which holds so much anonymous memory: what every story of a desktop happens on. */
export const desktopOf = (size: KiB): readonly ProcessScript[] => programs.map((program) => scriptOf(program, size));

function scriptOf(program: Program, size: KiB): ProcessScript {
  const anon = kib(scale(size, program.share));
  const hot = kib(scale(anon, hotShare));
  const isOfSystem = program.cgroup.startsWith("/");
  return {
    name: program.name,
    cgroup: cgroupPath(isOfSystem ? program.cgroup : `${userManager}/${program.cgroup}`),
    anon,
    hot,
    touchesPerSecond: kib(scale(hot, perSecond)),
    ...(!isOfSystem && { uid: user }),
    ...(program.copies !== undefined && { copies: program.copies }),
    ...(program.text !== undefined && { text: least(kib(scale(size, program.text)), mostText) }),
    ...(program.isInteractive !== undefined && { isInteractive: program.isInteractive }),
    ...(program.leadsTerminal !== undefined && { leadsTerminal: program.leadsTerminal }),
    ...(program.adj !== undefined && { oomScoreAdj: oomScoreAdj(program.adj) }),
    ...(program.parent !== undefined && { parent: program.parent }),
  };
}
