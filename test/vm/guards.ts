import { type CgroupPath, cgroupPath } from "#domain/units.ts";

/** Who watches over the memory of a guest, as its unit would start it. */
export interface VmGuard {
  readonly name: string;
  /** Packages of the distribution that it is made of, unpacked into the guest. */
  readonly packages: readonly string[];
  /** Of their files, those whose libraries are the host's, which is the same distribution. */
  readonly binaries?: readonly string[];
  /** Shell; undefined: nobody is started. */
  readonly command?: string;
  /** Shell that succeeds once it is what it will be. */
  readonly isReady?: string;
  readonly nice?: number;
  readonly oomScoreAdj?: number;
  /** Where its service is; undefined: in the slice of the system. */
  readonly isInRoot?: boolean;
  /** memory.min of its service, in bytes. */
  readonly memoryMin?: number;
  /** memory.swap.max of its service, in bytes. */
  readonly memorySwapMax?: number;
}

/** Where a guard writes what it has to say. */
const journal = "/run/journal";
const hasSpoken = `[ -s ${journal} ]`;

/** Tidemark as it is shipped, in the state it spends its life in, with what `packaging/tidemark.service` says of nice, oom_score_adj and memory. */
export const tidemarkGuard: VmGuard = {
  name: "tidemark",
  packages: [],
  command: "node /opt/tidemark/dist/src/cli/main.js run --log-format json --config /story/settings.toml",
  isReady: `grep -qs '"daemon.settled"' ${journal}`,
  nice: -20,
  oomScoreAdj: -1000,
  isInRoot: true,
  memoryMin: 32 * 1024 * 1024,
  memorySwapMax: 0,
};

/** Nobody but the kernel. */
export const kernelAlone: VmGuard = { name: "kernel", packages: [] };

/** Debian's earlyoom, as its service starts it. */
export const earlyoomGuard: VmGuard = {
  name: "earlyoom",
  packages: ["earlyoom"],
  command: "earlyoom -r 3600",
  isReady: hasSpoken,
};

/** Debian's nohang, with the settings its package has for desktops. */
export const nohangGuard: VmGuard = {
  name: "nohang",
  packages: ["nohang", "python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib"],
  binaries: [
    "/usr/bin/python3.11",
    "/usr/lib/python3.11/lib-dynload/_ctypes.cpython-311-x86_64-linux-gnu.so",
    "/usr/lib/python3.11/lib-dynload/_bz2.cpython-311-x86_64-linux-gnu.so",
  ],
  command: "python3.11 /usr/sbin/nohang --monitor --config /etc/nohang/nohang-desktop.conf",
  isReady: hasSpoken,
};

/** Debian's oomd (Facebook's, which works without systemd), with the settings of its package. */
export const oomdGuard: VmGuard = {
  name: "oomd",
  packages: ["oomd"],
  binaries: ["/usr/bin/oomd"],
  command: "oomd --config /etc/oomd/oomd.json",
  isReady: hasSpoken,
};

/** All of them, tidemark first. systemd-oomd is not among them: it asks systemd what to watch, and there is none in a guest. */
export const vmGuards: readonly VmGuard[] = [tidemarkGuard, earlyoomGuard, nohangGuard, oomdGuard, kernelAlone];

/** The cgroup of a guard. */
export const serviceOf = ({ name, isInRoot }: VmGuard): CgroupPath =>
  cgroupPath(`${isInRoot === true ? "" : "/system.slice"}/${name}.service`);

/** Seconds: so long a guard may take to become ready. */
const longestStart = 30;

/** Shell that starts a guard, leaves its pid in GUARD, and waits until it is ready. */
export function startGuard(guard: VmGuard): string {
  const { command, isReady = "true", nice = 0, oomScoreAdj = 0, memoryMin, memorySwapMax } = guard;
  if (command === undefined) return "GUARD=\n";
  const cgroup = `/sys/fs/cgroup${serviceOf(guard)}`;
  return [
    `mkdir -p ${cgroup}`,
    ...(memoryMin === undefined ? [] : [`echo ${memoryMin} > ${cgroup}/memory.min`]),
    ...(memorySwapMax === undefined ? [] : [`echo ${memorySwapMax} > ${cgroup}/memory.swap.max`]),
    "(",
    `echo 0 > ${cgroup}/cgroup.procs`,
    `echo ${oomScoreAdj} > /proc/self/oom_score_adj`,
    // Debian's busybox has no nice.
    `exec perl -MPOSIX=nice -e 'nice shift; exec @ARGV' -- ${nice} ${command} > ${journal} 2>&1`,
    ") &",
    "GUARD=$!",
    // In guest time. Whoever is not ready then shows it by how the story ends.
    `for wait in $(seq ${longestStart * 10}); do if ${isReady}; then break; fi; usleep 100000; kill -0 $GUARD || break; done`,
    "",
  ].join("\n");
}
