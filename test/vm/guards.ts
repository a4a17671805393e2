/** Who watches over the memory of a guest, as its unit would start it. */
export interface VmGuard {
  readonly name: string;
  /** Packages of the distribution that it is made of, unpacked into the guest. */
  readonly packages: readonly string[];
  /** Shell; undefined: nobody is started. */
  readonly command?: string;
  /** Shell that succeeds once it watches. */
  readonly isReady?: string;
  readonly nice?: number;
  readonly oomScoreAdj?: number;
  /** memory.min of its service, in bytes. */
  readonly memoryMin?: number;
}

/** Where a guard writes what it has to say. */
const journal = "/run/journal";
const hasSpoken = `[ -s ${journal} ]`;

/** Tidemark as it is shipped, with what `packaging/tidemark.service` says of nice, oom_score_adj and memory. */
export const tidemarkGuard: VmGuard = {
  name: "tidemark",
  packages: [],
  command: "node /opt/tidemark/dist/src/cli/main.js run --log-format json --config /story/settings.toml",
  isReady: `grep -q '"daemon.ready"' ${journal}`,
  nice: -20,
  oomScoreAdj: -1000,
  memoryMin: 96 * 1024 * 1024,
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

/** All of them, tidemark first. */
export const vmGuards: readonly VmGuard[] = [tidemarkGuard, earlyoomGuard, kernelAlone];

/** Shell that starts a guard, leaves its pid in GUARD, and waits until it watches. */
export function startGuard(guard: VmGuard): string {
  const { name, command, isReady = "true", nice = 0, oomScoreAdj = 0, memoryMin } = guard;
  if (command === undefined) return "GUARD=\n";
  const cgroup = `/sys/fs/cgroup/system.slice/${name}.service`;
  return [
    `mkdir -p ${cgroup}`,
    ...(memoryMin === undefined ? [] : [`echo ${memoryMin} > ${cgroup}/memory.min`]),
    "(",
    `echo 0 > ${cgroup}/cgroup.procs`,
    `echo ${oomScoreAdj} > /proc/self/oom_score_adj`,
    // Debian's busybox has no nice.
    `exec perl -MPOSIX=nice -e 'nice shift; exec @ARGV' -- ${nice} ${command} > ${journal} 2>&1`,
    ") &",
    "GUARD=$!",
    `until ${isReady}; do usleep 20000; kill -0 $GUARD || break; done`,
    "",
  ].join("\n");
}
