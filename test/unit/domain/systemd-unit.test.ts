import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { appsIn, unescapeUnit, unitIn } from "#domain/systemd-unit.ts";
import { cgroupPath } from "#domain/units.ts";

const manager = "/user.slice/user-1000.slice/user@1000.service/app.slice";

describe("the unit of a cgroup", () => {
  const unit = (path: string) => unitIn(cgroupPath(path));

  it("is the innermost one: a user's service is not the user's manager", () => {
    assert.equal(unit(`${manager}/syncthing.service`), "syncthing.service");
  });

  it("is the one a cgroup was delegated to", () => {
    assert.equal(unit("/system.slice/postgresql@16-main.service/workers/3"), "postgresql@16-main.service");
  });

  it("is not there where there is none: a slice holds units and is no place of its own", () => {
    assert.deepEqual(["/", "/user.slice", "/docker/abc"].map(unit), [undefined, undefined, undefined]);
  });
});

describe("the application of a cgroup", () => {
  const apps = (name: string): string => appsIn(cgroupPath(`${manager}/${name}`)).join(" ");

  const layouts: readonly (readonly [what: string, name: string, expected: string])[] = [
    ["started by GNOME", "app-gnome-firefox-2345.scope", "firefox"],
    ["with dashes of its own", "app-gnome-google\\x2dchrome-2345.scope", "google-chrome"],
    [
      "with a reversed domain",
      "app-gnome-org.gnome.Evolution\\x2dalarm\\x2dnotify-3119.scope",
      "org.gnome.Evolution-alarm-notify",
    ],
    ["started by KDE, as a service", "app-org.kde.kate@6d3fb1c1a2f94.service", "org.kde.kate"],
    ["started by nobody who says so", "app-org.kde.konsole-1234.scope", "org.kde.konsole"],
    ["started at login", "app-nm\\x2dapplet@autostart.service", "nm-applet"],
    ["a service of its own launcher", "app-gnome-org.gnome.Terminal.service", "org.gnome.Terminal"],
    ["of Flatpak", "app-flatpak-org.mozilla.firefox-4121.scope", "org.mozilla.firefox"],
    ["whose launcher escapes nothing", "app-Hyprland-google-chrome-9f3c.scope", "google-chrome"],
    ["of a snap", "snap.firefox.firefox-0d2cb97e-3c4e-4a56-9a07-f2e8b9d7c1aa.scope", "firefox firefox_firefox"],
    ["of a snap's service", "snap.cups.cupsd.service", "cups cups_cupsd"],
    ["that made cgroups of its own", "app-gnome-code-77.scope/workers", "code"],
    ["in a unit below its own", "app-org.kde.konsole-1.scope/tmux-spawn-5.scope", "org.kde.konsole"],
  ];
  for (const [what, name, expected] of layouts) it(what, () => assert.equal(apps(name), expected));

  it("is not there where no unit is named after one", () => {
    const names = ["dbus.service", "vte-spawn-1234.scope", "app.slice", "app-.scope", "session-2.scope"];
    assert.deepEqual(
      names.map(apps),
      names.map(() => ""),
    );
  });
});

describe("what systemd escaped", () => {
  it("comes back byte by byte, as far as it is text", () => {
    assert.equal(unescapeUnit("caf\\xc3\\xa9\\x2dbar"), "café-bar");
  });

  it("stays as it is where it is no escape", () => {
    assert.deepEqual(["a\\b", "a\\x2", "plain"].map(unescapeUnit), ["a\\b", "a\\x2", "plain"]);
  });
});
