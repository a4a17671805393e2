import type { ProcessFacts } from "#domain/process.ts";
import { add, kib, type Pid } from "#domain/units.ts";
import { aSnapshot, someMeminfo } from "#test/support/a-snapshot.ts";
import { findLargest, scoreOf } from "#test/support/peers/earlyoom.ts";
import { killable } from "#test/support/peers/peer.ts";
import { killWorst } from "#test/support/peers/systemd-oomd.ts";
import type { GalleryMachine } from "./machines.ts";

/** Whom another killer would take first, all of them at once. */
export interface PeerChoice {
  readonly peer: string;
  readonly victims: readonly ProcessFacts[];
}

type Choose = (machine: GalleryMachine) => readonly Pid[];

const seen = ({ now, ram, swap }: GalleryMachine) =>
  aSnapshot({ at: 0, table: now, meminfo: someMeminfo({ total: ram, available: kib(1024), swapTotal: swap }) });

const candidates = (machine: GalleryMachine): readonly ProcessFacts[] =>
  killable(seen(machine)).filter(({ memory, oomScoreAdj }) => memory !== undefined && oomScoreAdj !== -1000);

/** Of all the first with most of something. */
function largestBy(processes: readonly ProcessFacts[], weigh: (process: ProcessFacts) => number): readonly Pid[] {
  const [first] = processes.toSorted((a, b) => weigh(b) - weigh(a));
  return first === undefined ? [] : [first.identity.pid];
}

const byOomScore: Choose = (machine) => {
  const victim = findLargest(killable(seen(machine)), add(machine.ram, machine.swap));
  return victim === undefined ? [] : [victim.pid];
};

/** @see rfjakob/earlyoom 1.8: --sort-by-rss */
const byRss: Choose = (machine) => largestBy(candidates(machine), ({ memory }) => memory?.rss ?? 0);

/** Tabs of Firefox as it called them until 2021, and package managers. @see hakavlad/nohang nohang-desktop.conf 7.2.1 */
const namesOfNohang = [
  { names: new Set(["Web Content", "Privileged Cont"]), adds: 200 },
  { names: new Set(["dnf", "packagekitd"]), adds: -200 },
];
/** What it protects by path, as far as machines of the gallery have it. @see nohang-desktop.conf 7.2.5 */
const pathsOfNohang = new Set([
  "/usr/lib/xorg/Xorg",
  ..."Xorg Xwayland weston sway gnome-shell mutter plasmashell plasma_session kwin_x11 kwin_wayland startplasma-wayland"
    .split(" ")
    .map((name) => `/usr/bin/${name}`),
  ..."ksmserver cinnamon xfwm4 xfce4-session xfce4-panel xfdesktop openbox i3 sddm dbus-daemon dbus-broker"
    .split(" ")
    .map((name) => `/usr/bin/${name}`),
  ..."/usr/libexec/gnome-session-binary /usr/sbin/gdm3 /usr/sbin/lightdm /usr/libexec/gdm-session-worker".split(" "),
  ..."/usr/lib/systemd/systemd-logind /usr/lib/systemd/systemd".split(" "),
]);

/** oom_score, and what its rules add to it. */
const byNohang: Choose = (machine) => {
  const total = add(machine.ram, machine.swap);
  return largestBy(candidates(machine), ({ comm, memory, oomScoreAdj, traits }) => {
    if (memory === undefined) return 0;
    const named = namesOfNohang.find(({ names }) => names.has(comm))?.adds ?? 0;
    const placed = pathsOfNohang.has(traits.exe ?? "") ? -200 : 0;
    return scoreOf(memory, { total, adj: oomScoreAdj }) + named + placed;
  });
};

/** Pressure below `user.slice`, or, with swap, the swap rule: the leaf cgroup goes as a whole. */
const byOomd: Choose = (machine) =>
  killWorst(seen(machine), machine.swap > 0 ? "swap" : "pressure").map(({ victim }) => victim.pid);

const peers: Readonly<Record<string, Choose>> = {
  earlyoom: byOomScore,
  "earlyoom --sort-by-rss": byRss,
  "nohang-desktop": byNohang,
  "systemd-oomd": byOomd,
};

/** What the others would do on a machine. */
export const choosePeers = (machine: GalleryMachine): readonly PeerChoice[] =>
  Object.entries(peers).map(([peer, choose]) => {
    const pids = new Set(choose(machine));
    return { peer, victims: machine.now.processes.filter(({ identity }) => pids.has(identity.pid)) };
  });
