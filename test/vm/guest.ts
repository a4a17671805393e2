import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Kernel } from "./kernel.ts";

/** A machine to boot. */
export interface Guest {
  readonly kernel: Kernel;
  readonly initramfs: Buffer;
  readonly memoryMiB: number;
  readonly cpus: number;
  /** Images: vda is the root, the others follow. What a guest writes to them is gone when it is. */
  readonly disks: readonly string[];
  /** What is added to the command line of the kernel. */
  readonly commandLine: string;
  /** Where what it says is collected. */
  readonly folder: string;
  /** Ends it before its time. */
  readonly limit?: AbortSignal;
}

/** What a guest left behind: its ports, and its console. */
export interface GuestOutput {
  readonly record: string;
  readonly journal: string;
  readonly console: string;
  /** The whole log of the kernel. */
  readonly kernelLog: string;
  /** It was ended: it did not switch itself off. */
  readonly isStuck: boolean;
}

/** A guest watches its own time, and switches itself off. This is for one that hangs, on a host as slow as hosts get. */
const patienceMs = 20 * 60_000;

const drive = (image: string, index: number): readonly string[] => [
  ...["-drive", `file=${image},format=raw,if=none,id=disk${index},snapshot=on,cache=unsafe`],
  ...["-device", `virtio-blk-pci,drive=disk${index}`],
];

const port = (name: string, folder: string): readonly string[] => [
  ...["-chardev", `file,id=${name},path=${join(folder, name)}`],
  ...["-device", `virtserialport,chardev=${name},name=${name}`],
];

const commandOf = (guest: Guest, initrd: string): readonly string[] => [
  ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-machine", "q35,hpet=off"],
  // Software emulation is what every machine can do. A nanosecond of the guest is an instruction it executes, or a nanosecond
  // of ours in which it has nothing to do: a loaded host makes a story last longer, and its processor no slower.
  ...["-accel", "tcg,thread=single,tb-size=128", "-icount", "shift=0,sleep=on"],
  // Newer processors cost the emulation more and give nothing.
  ...["-cpu", "Nehalem", "-smp", String(guest.cpus), "-m", `${guest.memoryMiB}M`],
  ...["-kernel", guest.kernel.image, "-initrd", initrd],
  ...["-append", `console=ttyS0 quiet panic=-1 mitigations=off audit=0 ${guest.commandLine}`],
  ...["-serial", `file:${join(guest.folder, "console")}`, "-device", "virtio-serial-pci"],
  ...port("record", guest.folder),
  ...port("journal", guest.folder),
  ...port("kernel", guest.folder),
  ...guest.disks.flatMap(drive),
];

/** Boots a guest and waits until it has switched itself off. @throws Error when QEMU cannot run it */
export async function runGuest(guest: Guest): Promise<GuestOutput> {
  const initrd = join(guest.folder, "initramfs");
  writeFileSync(initrd, guest.initramfs);
  // However we end, no guest goes on.
  const command = ["--pdeathsig", "KILL", "qemu-system-x86_64", ...commandOf(guest, initrd)];
  const qemu = spawn("setpriv", command, { stdio: ["ignore", "inherit", "inherit"] });
  // Each by itself: AbortSignal.any holds its parts weakly, and a time limit that was collected never comes (Node 20).
  const limits = [AbortSignal.timeout(patienceMs), ...(guest.limit ? [guest.limit] : [])];
  const end = (): void => void qemu.kill("SIGKILL");
  for (const limit of limits) limit.addEventListener("abort", end);
  const isEnded = (): boolean => limits.some(({ aborted }) => aborted);
  const status = await new Promise((resolve, reject) => {
    qemu.once("error", (cause) => reject(new Error("Cannot start setpriv: install util-linux", { cause })));
    qemu.once("exit", resolve);
  }).finally(() => {
    for (const limit of limits) limit.removeEventListener("abort", end);
  });
  if (status !== 0 && !isEnded()) throw new Error(`Cannot run a guest: QEMU ended with ${status ?? "a signal"}`);
  const said = (name: string): string => {
    const path = join(guest.folder, name);
    // One that was ended soon has not opened all of them.
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  return {
    record: said("record"),
    journal: said("journal"),
    console: said("console"),
    kernelLog: said("kernel"),
    isStuck: isEnded(),
  };
}
