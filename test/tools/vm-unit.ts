import { readFileSync } from "node:fs";
import { join } from "node:path";
import { syscallNumbers } from "#native-bindings/syscall-numbers.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { runGuest } from "#test/vm/guest.ts";
import { requireGuests } from "#test/vm/host.ts";
import { initramfs } from "#test/vm/initramfs.ts";
import { fetchKernel, type Kernel } from "#test/vm/kernel.ts";
import { readFindings } from "#test/vm/systemd/promises.ts";
import { makeSystemRoot } from "#test/vm/systemd/system-root.ts";
import { type Given, prepareUnlessSkipped, print, runTool } from "#test/vm/tool.ts";

const help = `Usage: npm run test:service [-- --or-skip]

Boots Debian's systemd in a virtual machine, installs tidemark there with packaging/install.sh, starts the service, and asks
whether packaging/tidemark.service keeps its promises: ready when it says so, sandboxed, locked in memory, kills, reloads, is
restarted by its watchdog. Prints the evidence, with what the service's journal says of it (all of it where a promise is not
kept). Needs what npm run test:vm needs, and ldconfig.
Exit status 1 when a promise is not kept.

  --or-skip  where no virtual machine can be had, says why, with exit status 0
`;

const options = { options: { "or-skip": { type: "boolean", default: false } } } as const;

/** No udev, no users that log in; what systemd itself has to say goes to its journal. */
const commandLine = [
  ...["cgroup_no_v1=all", "psi=1", "rw", "systemd.getty_auto=no", "systemd.show_status=no"],
  ...["systemd-logind", "systemd-pstore", "systemd-update-utmp"].map((name) => `systemd.mask=${name}.service`),
].join(" ");

/** What the guest is made of. */
interface Parts {
  readonly kernel: Kernel;
  readonly rootImage: string;
}

async function examine(folder: string, { kernel, rootImage }: Parts): Promise<number> {
  const examination = readFileSync(join(repositoryRoot, "test/vm/systemd/guest/examine"));
  const story = [
    { path: "/story/examine", content: examination },
    { path: "/story/system-calls", content: `${Object.keys(syscallNumbers["x64"] ?? {}).join("\n")}\n` },
  ];
  const guest = { kernel, initramfs: initramfs(kernel, story), memoryMiB: 1024, cpus: 1, disks: [rootImage] };
  const output = await runGuest({ ...guest, commandLine, folder });
  const findings = readFindings(output.record);
  for (const { promise, isKept, evidence, journal } of findings) {
    print(`${isKept ? "ok  " : "FAIL"} ${promise}: ${evidence}`);
    for (const line of journal) print(`     ${line}`);
  }
  const kept = findings.filter(({ isKept }) => isKept);
  const isWell = kept.length === findings.length && !output.isStuck;
  if (!isWell) print(`${output.record}\n${output.journal}\n${output.console}`);
  print(`${kept.length} of ${findings.length} promises kept, Linux ${kernel.release}`);
  return isWell ? 0 : 1;
}

async function run({ values }: Given<typeof options>, folder: string): Promise<number> {
  const parts = prepareUnlessSkipped(values["or-skip"], () => {
    requireGuests(1, "ldconfig");
    return { kernel: fetchKernel("6.12"), rootImage: makeSystemRoot(folder) };
  });
  return parts === undefined ? 0 : await examine(folder, parts);
}

await runTool({ name: "unit", help, options, run });
