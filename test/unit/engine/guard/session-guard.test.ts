import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Guard } from "#domain/guard.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { cgroupPath } from "#domain/units.ts";
import { guardByKin, isDisplayManager, standingOf } from "#engine/guard/session-guard.ts";
import { type ProcessWish, someProcess } from "#test/support/a-snapshot.ts";

const manager = "/user.slice/user-1000.slice/user@1000.service";
const login = cgroupPath("/user.slice/user-1000.slice/session-2.scope");
const slice = (unit: string) => cgroupPath(`${manager}/session.slice/${unit}`);

const a = (wish: Omit<ProcessWish, "pid"> & { readonly pid?: number }): ProcessFacts =>
  someProcess({ pid: 50, ...wish });
const guardOf = (wish: Omit<ProcessWish, "pid">): Guard | undefined => standingOf(a(wish)).guard;

/** What relatives show of the first of some. */
function guardAmong(process: ProcessFacts, ...others: readonly ProcessFacts[]): Guard | undefined {
  const { guard, asksKin } = standingOf(process);
  assert.ok(guard === undefined && asksKin, "its relatives are not asked");
  const parentOf = ({ parent }: ProcessFacts) => others.find(({ identity }) => identity.pid === parent);
  return guardByKin(process, {
    parentOf,
    isOfDisplayManager: (of) => isDisplayManager(parentOf(of)),
    childrenOf: ({ identity }) => others.filter(({ parent }) => parent === identity.pid),
  });
}

describe("what the session is made of", () => {
  it("is known by programs that are where only root can put them", () => {
    const parts: Readonly<Record<string, Guard["role"]>> = {
      "/usr/bin/gnome-shell": "compositor",
      "/usr/bin/kwin_wayland": "compositor",
      "/usr/bin/Hyprland": "compositor",
      "/nix/store/abc-sway-1.9/bin/sway": "compositor",
      "/nix/store/abc-niri-25.8/bin/.niri-wrapped": "compositor",
      "/usr/bin/i3": "compositor",
      "/usr/lib/xorg/Xorg": "display-server",
      "/usr/libexec/gdm-session-worker": "display-manager",
      "/usr/bin/sddm": "display-manager",
      "/usr/sbin/lightdm": "display-manager",
      "/usr/bin/greetd": "display-manager",
      "/bin/login": "login",
      "/sbin/agetty": "login",
      "/usr/sbin/sshd": "ssh",
      "/usr/lib/openssh/sshd-session": "ssh",
      "/usr/libexec/gnome-session-binary": "session-manager",
      "/usr/bin/startplasma-wayland": "session-manager",
      "/usr/bin/xfce4-session": "session-manager",
      "/usr/bin/plasmashell": "desktop-shell",
      "/usr/lib/systemd/systemd": "service-manager",
      "/usr/lib/systemd/systemd-logind": "session-service",
      "/usr/lib/polkit-1/polkitd": "session-service",
      "/usr/bin/dbus-broker-launch": "message-bus",
      "/usr/bin/dbus-daemon": "message-bus",
      "/usr/bin/pipewire-pulse": "sound-server",
      "/usr/bin/swaylock": "screen-locker",
      "/usr/libexec/gnome-terminal-server": "terminal",
      "/usr/bin/foot": "terminal",
      "/snap/ghostty/712/bin/ghostty": "terminal",
      "/usr/bin/tmux": "multiplexer",
    };
    for (const [exe, role] of Object.entries(parts)) assert.deepEqual(guardOf({ exe }), { role, by: "program" }, exe);
  });

  it("is not known by a name, nor by a path that anybody could choose", () => {
    for (const exe of ["/home/u/gnome-shell", "/tmp/usr/bin/sway", "/home/u/.local/bin/Xorg", "/var/tmp/systemd"]) {
      assert.equal(guardOf({ exe, comm: "gnome-shell" }), undefined, exe);
    }
  });

  it("does not include ordinary programs, nor what systemd runs to look after the dead", () => {
    for (const exe of ["/usr/bin/python3.12", "/usr/lib/firefox/firefox", "/usr/lib/systemd/systemd-coredump"]) {
      assert.deepEqual(standingOf(a({ exe })), { guard: undefined, asksKin: false }, exe);
    }
  });

  it("includes a shell that leads a terminal, and no other shell", () => {
    const exe = "/usr/bin/bash";
    assert.deepEqual(guardOf({ exe, leadsTerminal: true }), { role: "shell", by: "leads-terminal" });
    assert.equal(guardOf({ exe }), undefined);
  });

  it("does not include another program that leads a terminal: a window may run nothing but the culprit", () => {
    assert.equal(guardOf({ exe: "/usr/bin/python3.12", leadsTerminal: true }), undefined);
  });

  it("includes the main process of whatever runs in the session's slice, and not what a compositor starts there", () => {
    const place = { exe: "/usr/libexec/gsd-media-keys", cgroup: slice("org.gnome.SettingsDaemon.MediaKeys.service") };
    assert.deepEqual(guardOf({ ...place, leadsSession: true }), { role: "session", by: "session-slice" });
    const app = { exe: "/usr/lib/firefox/firefox", cgroup: slice("wayland-wm@sway.desktop.service") };
    assert.equal(guardOf({ ...app, leadsSession: false }), undefined);
    assert.equal(guardOf({ ...place, exe: "/home/u/hog", leadsSession: true }), undefined);
    const elsewhere = cgroupPath(`${manager}/app.slice/app-gnome-firefox-1.scope`);
    assert.equal(guardOf({ ...place, cgroup: elsewhere, leadsSession: true }), undefined);
  });

  it("does not include what is in the session's slice of a name that somebody gave to a folder", () => {
    const cgroup = cgroupPath("/system.slice/build.service/session.slice/x.service");
    assert.equal(guardOf({ exe: "/usr/bin/python3", cgroup, leadsSession: true }), undefined);
  });

  it("is spared where its program may not be read, if it is in the session's slice", () => {
    assert.deepEqual(guardOf({ cgroup: slice("x.service"), leadsSession: true })?.role, "session");
    assert.equal(guardOf({ comm: "gnome-shell" }), undefined);
  });

  it("is none of what runs in a container, which has files of its own", () => {
    const id = "4f2a77aa".repeat(8);
    const inside = [
      `/system.slice/docker-${id}.scope`,
      `/docker/${id}`,
      `${manager}/user.slice/libpod-${id}.scope/container`,
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-${id}.scope`,
      `/kubepods/burstable/pod1/${id}`,
      "/lxc.payload.web/init.scope",
      "/machine.slice/systemd-nspawn@web.service/payload/init.scope",
    ];
    for (const path of inside) {
      assert.equal(guardOf({ exe: "/usr/sbin/sshd", cgroup: cgroupPath(path) }), undefined, path);
    }
    // Nor is one who calls his folder as a runtime does.
    const outside = ["/system.slice/docker.service", "/system.slice/containerd.service", "/docker/beef"];
    for (const path of outside) assert.ok(guardOf({ exe: "/usr/sbin/sshd", cgroup: cgroupPath(path) }), path);
  });

  it("is asked again when a program begins to lead a terminal", () => {
    const shell = a({ exe: "/bin/zsh" });
    assert.equal(standingOf(shell).guard, undefined);
    assert.equal(standingOf({ ...shell, leadsTerminal: true }).guard?.role, "shell");
  });
});

describe("what relatives show", () => {
  const greeter = a({ pid: 40, exe: "/usr/sbin/lightdm", cgroup: login });

  it("is that a display manager starts the session in the scope of a login, whatever its program is", () => {
    const xmonad = a({ exe: "/home/u/.local/bin/xmonad-x86_64-linux", parent: 40, cgroup: login });
    assert.deepEqual(guardAmong(xmonad, greeter), { role: "session", by: "parent" });
    const app = a({ pid: 60, exe: "/usr/bin/emacs", parent: 50, cgroup: login });
    assert.equal(guardAmong(app, xmonad, greeter), undefined);
  });

  it("is that a terminal which somebody installed for himself is one, when it has a shell in it", () => {
    const kitty = a({ exe: "/home/u/.local/kitty.app/bin/kitty" });
    const shell = a({ pid: 51, parent: 50, exe: "/usr/bin/fish", leadsTerminal: true });
    assert.deepEqual(guardAmong(kitty, shell), { role: "terminal", by: "children" });
    assert.equal(guardAmong(kitty, { ...shell, leadsTerminal: false }), undefined);
    assert.equal(guardAmong(kitty), undefined);
  });

  it("is that a shell which somebody installed for himself is one, when a terminal started it", () => {
    const shell = a({ exe: "/home/u/.cargo/bin/nu", parent: 49, leadsTerminal: true });
    const tmux = a({ pid: 49, exe: "/usr/bin/tmux" });
    assert.deepEqual(guardAmong(shell, tmux), { role: "shell", by: "parent" });
    assert.equal(guardAmong({ ...shell, leadsTerminal: false }, tmux), undefined);
    assert.equal(guardAmong(shell, a({ pid: 49, exe: "/home/u/a.out" })), undefined);
  });
});
