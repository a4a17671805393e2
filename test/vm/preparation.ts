import type { CgroupPath } from "#domain/units.ts";
import type { CgroupScript, Scenario, SwapScript } from "#simulated/scenario.ts";
import type { Cast } from "./cast.ts";
import { serviceOf, type VmGuard } from "./guards.ts";
import type { VmStory } from "./story.ts";

/** Where a guest sees the disks of a story: the data, and then the swaps. */
const dataDisk = "vdb";
const swapDisk = (index: number): string => `vd${"cdefgh"[index]}`;

/** Swap that is a disk of its own. */
export const diskSwaps = ({ swaps = [] }: Scenario): readonly SwapScript[] =>
  swaps.filter(({ kind }) => kind === "disk");
const zramSwaps = ({ swaps = [] }: Scenario): readonly SwapScript[] => swaps.filter(({ kind }) => kind === "zram");

const swapOn = (scenario: Scenario): readonly string[] => [
  ...diskSwaps(scenario).map(
    (_, index) => `mkswap /dev/${swapDisk(index)} > /dev/null && swapon /dev/${swapDisk(index)}`,
  ),
  ...zramSwaps(scenario).flatMap(({ size }) => [
    `echo ${Math.round(size)}K > /sys/block/zram0/disksize`,
    "mkswap /dev/zram0 > /dev/null && swapon /dev/zram0",
  ]),
];

/** Shell: cgroups as a system of today has them. Needs `cgroup_no_v1=all` on the command line of the kernel. */
export const cgroupsV2: readonly string[] = ["mount -t cgroup2 -o memory_recursiveprot cgroup2 /sys/fs/cgroup"];

/** Shell: cgroups as a system of yesterday has them. */
export const cgroupsV1: readonly string[] = [
  "mount -t tmpfs cgroup /sys/fs/cgroup",
  "mkdir /sys/fs/cgroup/memory",
  "mount -t cgroup -o memory cgroup /sys/fs/cgroup/memory",
];

/** A cgroup and those above it, each of which passes the controllers on, as systemd has it. */
function makeCgroup(path: CgroupPath): readonly string[] {
  const names = path.split("/").filter(Boolean);
  return names.flatMap((_, index) => {
    const above = ["/sys/fs/cgroup", ...names.slice(0, index)].join("/");
    return [`echo +memory +io +pids > ${above}/cgroup.subtree_control`, `mkdir -p ${above}/${names[index]}`];
  });
}

/** A disk that needs time for each transfer makes so many in a second; the guest's own kernel holds it to that, in its own time. */
export function limitDisks(scenario: Scenario, { cgroups }: Cast, guard: VmGuard): string {
  const { diskLatency, diskPerSecond } = scenario;
  const iops = diskLatency === undefined ? undefined : Math.max(1, Math.round(1000 / diskLatency));
  const bps = diskPerSecond === undefined ? undefined : Math.round(diskPerSecond * 1024);
  const limits = [
    ...(iops === undefined ? [] : [`riops=${iops} wiops=${iops}`]),
    ...(bps === undefined ? [] : [`rbps=${bps} wbps=${bps}`]),
  ].join(" ");
  const slices = new Set([...cgroups, serviceOf(guard)].map((path) => path.split("/")[1]));
  const disks = ["vda", dataDisk, ...diskSwaps(scenario).map((_, index) => swapDisk(index))];
  const writes = [...slices].flatMap((slice) =>
    disks.map((disk) => `echo "$(cat /sys/block/${disk}/dev) ${limits}" > /sys/fs/cgroup/${slice}/io.max`),
  );
  return limits === "" ? "" : `${writes.join("\n")}\n`;
}

/** Shell: plays a story, once GUARD watches. It lasts until its end, or until nobody waits after its victim's. */
export const performance = ({ file: { scenario }, expectation }: VmStory): string => {
  // One that has to die several times is waited for to the end.
  const victim = expectation.kind === "kill" && expectation.atMost === 1 ? expectation.victim : "";
  return `perl -I/vm /vm/stage.pl /story/cast ${Math.round(scenario.duration)} /dev/record "$GUARD" "${victim}"\n`;
};

const blockKib = 64;

/**
 * Whoever works on files has worked on them before the story begins. They are charged to its own cgroup: what was evicted from
 * another is no refault to MGLRU, and to wait for it no stall. @see v6.12 mm/workingset.c: lru_gen_refault
 */
const warm = ({ worked }: Cast): readonly string[] =>
  worked.map(({ cgroup, offset, size }) => {
    const blocks = `bs=${blockKib}K skip=${Math.floor(offset / blockKib)} count=${Math.ceil(size / blockKib)}`;
    const read = `dd if=/data/file of=/dev/null ${blocks} 2> /dev/null`;
    return `(echo 0 > /sys/fs/cgroup${cgroup}/cgroup.procs; ${read})`;
  });

/** Shell: what a guest does before anybody watches. Swap, settings of its kernel, cgroups, files that are in use. */
export function preparation({ file: { scenario }, sysctls }: VmStory, cast: Cast, guard: VmGuard): string {
  const { cgroups = [], swappiness = 60 } = scenario;
  return [
    ...cgroupsV2,
    `echo ${swappiness} > /proc/sys/vm/swappiness`,
    ...Object.entries(sysctls).map(([name, value]) => `echo ${value} > /proc/sys/${name.replaceAll(".", "/")}`),
    ...swapOn(scenario),
    ...[...cast.cgroups, ...cgroups.map(({ path }) => path), serviceOf(guard)].flatMap(makeCgroup),
    ...cgroups.flatMap(limitMemory),
    ...warm(cast),
    "",
  ].join("\n");
}

/** setxattr(2) on x86-64, as ManagedOOMPreference= of a unit does it; neither BusyBox nor Perl has a word for it. */
const setXattr = (folder: string, name: string): string =>
  `perl -e 'my $yes = 1; syscall(188, $ARGV[0], $ARGV[1], "$yes", 1, 0) == 0 or die "setxattr: $!"' ${folder} ${name}`;

function limitMemory({ path, max, low, diesWhole, preference }: CgroupScript): readonly string[] {
  const folder = `/sys/fs/cgroup${path}`;
  return [
    ...(max === undefined ? [] : [`echo ${Math.round(max)}K > ${folder}/memory.max`]),
    ...(low === undefined ? [] : [`echo ${Math.round(low)}K > ${folder}/memory.low`]),
    ...(diesWhole === true ? [`echo 1 > ${folder}/memory.oom.group`] : []),
    ...(preference === undefined || preference === "none" ? [] : [setXattr(folder, `user.oomd_${preference}`)]),
  ];
}

/** What the command line of the kernel says for a story. @throws Error for what this kernel cannot be made to lack */
export function commandLineOf({ lacks = [] }: Scenario): string {
  const strange = lacks.filter((lack) => lack !== "pressure");
  if (strange.length > 0)
    throw new Error(`Cannot take ${strange.join(", ")} from a kernel; it can be booted without pressure`);
  return `cgroup_no_v1=all psi=${lacks.includes("pressure") ? 0 : 1}`;
}
