import { unescapeUnit } from "./systemd-unit.ts";
import type { CgroupPath } from "./units.ts";

/** A container, as the path of its cgroup names it. */
export interface Container {
  /** Who runs it: "docker", "podman", "containerd", "cri-o", "lxc", "nspawn"; "kubernetes" where the path tells no more. */
  readonly runtime: string;
  /** As the runtime knows it: 64 hexadecimal digits, or a name. */
  readonly id: string;
}

/** How a name in a path tells of a container; the first group is its id. */
interface Layout {
  readonly runtime: string;
  readonly named: RegExp;
  /** What the name above it has to be. Absent: anything. */
  readonly below?: RegExp;
  /** The id is a text that systemd has escaped. */
  readonly isEscaped?: true;
}

/**
 * With systemd a container has a scope, without it a plain cgroup. Those that only watch over it (`libpod-conmon-…`,
 * `crio-conmon-…`, `lxc.monitor.…`) are not in it, nor is a virtual machine (`machine-qemu…`) one.
 * @see moby: daemon/oci_linux.go; podman: libpod/container_internal_linux.go; cri-o: internal/config/cgmgr;
 *   containerd: internal/cri/util; lxc: src/lxc/cgroups/cgfsng.c; systemd: machine/machined-core.c
 */
const layouts: readonly Layout[] = [
  { runtime: "docker", named: /^docker-([0-9a-f]{64})\.scope$/ },
  { runtime: "docker", named: /^([0-9a-f]{64})$/, below: /^docker$/ },
  { runtime: "podman", named: /^libpod-([0-9a-f]{64})(?:\.scope)?$/ },
  { runtime: "containerd", named: /^(?:cri-containerd|nerdctl)-([0-9a-f]{64})(?:\.scope)?$/ },
  { runtime: "containerd", named: /^kubepods[^:]*\.slice:cri-containerd:([0-9a-f]{64})$/ },
  { runtime: "cri-o", named: /^crio-([0-9a-f]{64})(?:\.scope)?$/ },
  { runtime: "kubernetes", named: /^([0-9a-f]{64})$/, below: /^pod[0-9a-f][0-9a-f_-]*$/ },
  { runtime: "lxc", named: /^lxc\.payload\.(.+)$/ },
  { runtime: "lxc", named: /^(.+)$/, below: /^lxc(?:\.payload)?$/ },
  { runtime: "lxc", named: /^machine-lxc\\x2d\d+\\x2d(.+)\.scope$/, isEscaped: true },
  { runtime: "nspawn", named: /^machine-(?!qemu\\x2d|lxc\\x2d|libpod)([^/]+)\.scope$/, isEscaped: true },
  { runtime: "nspawn", named: /^systemd-nspawn@(.+)\.service$/, isEscaped: true },
];

/** Something of this is in every name that a layout knows, or above it: of thousands of paths most are seen to tell of none. */
const telling = /[0-9a-f]{64}|lxc|machine-|systemd-nspawn@/;

/** Where the service that runs a container puts itself. @see systemd-nspawn: nspawn-cgroup.c, create_subcgroup() */
const watchers: ReadonlySet<string> = new Set(["supervisor"]);

/** The innermost container on the path of a cgroup. Undefined: it is in none, or in one that nothing in the path tells of. */
export function containerIn(cgroup: CgroupPath): Container | undefined {
  if (!telling.test(cgroup)) return undefined;
  const names = cgroup.split("/").slice(1);
  for (let at = names.length - 1; at >= 0; at--) {
    if (watchers.has(names[at + 1] ?? "")) continue;
    const found = readName(names[at] ?? "", names[at - 1] ?? "");
    if (found !== undefined) return found;
  }
  return undefined;
}

function readName(name: string, above: string): Container | undefined {
  for (const { runtime, named, below, isEscaped } of layouts) {
    const id = named.exec(name)?.[1];
    if (id === undefined || (below !== undefined && !below.test(above))) continue;
    return { runtime, id: isEscaped ? unescapeUnit(id) : id };
  }
  return undefined;
}
