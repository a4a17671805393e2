import type { CgroupPath } from "./units.ts";

/** Whether a part of a path is a scope or a service: a slice only holds others. */
export const isUnit = (name: string): boolean => name.endsWith(".scope") || name.endsWith(".service");

/** The innermost scope or service on the path of a cgroup: what is below it was delegated to it. Undefined: there is none. */
export const unitIn = (cgroup: CgroupPath): string | undefined => cgroup.split("/").findLast(isUnit);

/**
 * The text that systemd wrote as `\x2d` and the like, to keep it apart from its own dashes and slashes.
 * @see systemd.unit(5), "String Escaping for Inclusion in Unit Names"
 */
export function unescapeUnit(name: string): string {
  if (!name.includes("\\")) return name;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const part of name.split(/(\\x[0-9a-f]{2})/)) {
    if (/^\\x[0-9a-f]{2}$/.test(part)) bytes.push(Number.parseInt(part.slice(2), 16));
    else bytes.push(...encoder.encode(part));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/**
 * What the application is called that a cgroup was made for, by the innermost unit that is named after one. A snap has two
 * names: `firefox`, and `firefox_firefox`, which is that of its desktop file. Empty: no unit on the path is named so.
 */
export function appsIn(cgroup: CgroupPath): readonly string[] {
  for (const name of cgroup.split("/").toReversed()) {
    if (!isUnit(name)) continue;
    const apps = snapIn(name) ?? desktopApp(name);
    if (apps !== undefined) return apps;
  }
  return [];
}

/** `snap.firefox.firefox-0d2cb97e-….scope`, `snap.cups.cupsd.service`. @see snapd: cmd/snap/cgroup, snap.SecurityTag */
function snapIn(unit: string): readonly string[] | undefined {
  const [, snap, app] =
    /^snap\.([a-z0-9_-]+)\.([A-Za-z0-9-]+?)(?:-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?\.(?:scope|service)$/.exec(
      unit,
    ) ?? [];
  return snap === undefined || app === undefined ? undefined : [snap, `${snap}_${app}`];
}

/**
 * `app-gnome-org.gnome.Evolution\x2dalarm\x2dnotify-3119.scope`, `app-flatpak-org.mozilla.firefox-4121.scope`,
 * `app-org.kde.kate@6d3fb.service`: a launcher may be named, and dashes of the name itself are escaped.
 * @see https://systemd.io/DESKTOP_ENVIRONMENTS/
 */
function desktopApp(unit: string): readonly string[] | undefined {
  const [, whole = "", ending] = /^app-(.+)\.(scope|service)$/.exec(unit) ?? [];
  if (ending === undefined) return undefined;
  const [named = ""] = whole.split("@");
  const parts = named.split("-");
  // What is random comes after an "@" in a service, and after the last dash in a scope.
  const given = ending === "scope" && parts.length > 1 ? parts.slice(0, -1) : parts;
  const [first = "", ...rest] = given;
  // Whoever does not escape the dashes of a name has more parts than these two.
  const id = unescapeUnit(rest.length === 0 ? first : rest.join("-"));
  return id === "" ? undefined : [id];
}
