/** Every way a command can end. Numbers of 64 and above are those of sysexits(3). */
export const exitCodes = {
  done: { code: 0, meaning: "It was done, or the answer is yes" },
  no: { code: 1, meaning: "The answer is no" },
  usage: { code: 64, meaning: "The command line makes no sense" },
  unsupported: { code: 69, meaning: "The kernel lacks a feature that is needed" },
  bug: { code: 70, meaning: "A mistake of ours; please report it" },
  system: { code: 71, meaning: "A system call failed" },
  permission: { code: 77, meaning: "Needs more rights: run as root" },
  config: { code: 78, meaning: "The configuration is refused" },
} as const;

/** How a command ended. */
export type ExitCode = keyof typeof exitCodes;
