import type { RecordedProgram } from "#test/support/gallery/record-programs.ts";

/** Real programs that are run to be recorded, and the machine they are thought to run on. */
export interface Recipe {
  readonly name: string;
  /** Debian's packages whose programs they are, as patterns of dpkg-query(1). */
  readonly packages: readonly string[];
  /** Head and tree of a machine of the gallery, in which a line `{program}` stands for the processes of that program. */
  readonly head: string;
  readonly tree: string;
  readonly programs: Readonly<Record<string, RecordedProgram>>;
}

/** What runs on every machine with systemd. */
export const system = `systemd 14M /usr/lib/systemd/systemd @/init.scope
  systemd-journal 40M /usr/lib/systemd/systemd-journald @/system.slice/systemd-journald.service
  systemd-udevd 9M /usr/lib/systemd/systemd-udevd @/system.slice/systemd-udevd.service adj=-1000
  dbus-daemon 4M @/system.slice/dbus.service adj=-900
  systemd-logind 5M /usr/lib/systemd/systemd-logind @/system.slice/systemd-logind.service
  sshd 6M /usr/sbin/sshd @/system.slice/ssh.service adj=-1000`;
