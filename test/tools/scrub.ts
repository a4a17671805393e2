/** What a fixture may tell about the machine it came from, and what it may not. */

const genericSegments =
  /^(?:(?:user|system|machine|init|session|app|background)\.(?:slice|scope)|user-\d+\.slice|user@\d+\.service|session-\d+\.scope)$/;

/** A task name: that of a program every machine has, or of a kernel thread, stays. */
export function scrubComm(comm: string, knownPrograms: ReadonlySet<string>): string {
  return knownPrograms.has(comm) ? comm : "program";
}

/** Arguments keep their number and the NULs between them; only the name of a known program stays readable. */
export function scrubCmdline(cmdline: string, knownPrograms: ReadonlySet<string>): string {
  const [program = "", ...rest] = cmdline.split("\0");
  const name = program.slice(program.lastIndexOf("/") + 1);
  const shown = program === "" ? "" : scrubComm(name, knownPrograms);
  return [shown, ...rest.map((argument) => (argument === "" ? "" : "argument"))].join("\0");
}

/** Paths of `/proc/PID/cgroup` keep their depth and the segments systemd names alike everywhere. */
export function scrubCgroup(cgroup: string): string {
  return cgroup.replace(/(?<=:)\/.*$/gm, (path) =>
    path
      .split("/")
      .map((segment) => (segment === "" || genericSegments.test(segment) ? segment : "scrubbed"))
      .join("/"),
  );
}

/** Devices stay, paths of swap files go. */
export function scrubSwaps(swaps: string): string {
  return swaps.replace(/^\/(?!dev\/)\S+/gm, "/swapfile");
}

/** A process, its name, and the name it gets. */
export interface Scrubbing {
  readonly comm: string;
  readonly shown: string;
  readonly knownPrograms: ReadonlySet<string>;
}

/** One file of a process, as it may be shown to everybody. */
export function scrubProcessFile(file: string, text: string, { comm, shown, knownPrograms }: Scrubbing): string {
  switch (file) {
    case "stat":
      return text.replace(`(${comm})`, `(${shown})`);
    case "status":
      return text.replace(/^Name:\t.*$/m, `Name:\t${shown}`);
    case "cgroup":
      return scrubCgroup(text);
    case "cmdline":
      return scrubCmdline(text, knownPrograms);
    default:
      return text;
  }
}
