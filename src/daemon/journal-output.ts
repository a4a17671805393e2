import { fstatSync } from "node:fs";
import { SystemError } from "#domain/system-error.ts";
import { kib, kibToBytes, type Milliseconds } from "#domain/units.ts";
import { encodeJson } from "#journal/encode-json.ts";
import { encodeForJournald, encodeForTerminal } from "#journal/encode-text.ts";
import type { Encode } from "#journal/entry.ts";
import type { Level } from "#journal/event.ts";
import { createJournal, type Journal } from "#journal/journal.ts";
import type { Outlet } from "#journal/outlet.ts";
import { createSink } from "#journal/sink.ts";
import { type Fd, inheritedFd, openFile } from "#native-bindings/file.ts";
import { isTerminal } from "#native-bindings/terminal.ts";
import { descriptorOutlet } from "./outlet.ts";

/** How entries are written; `auto`: text for a terminal and for the system's journal, JSON for everything else. */
export type LogFormat = "auto" | "json" | "text";

/** 256 KiB: some hundred kills with their rankings, while nobody reads. */
const capacity = kibToBytes(kib(256));

/** `JOURNAL_STREAM` names the very stream that goes to journald; stderr may have been redirected since. @see systemd.exec(5) */
function goesToJournald(fd: number, stream: string | undefined): boolean {
  if (stream === undefined) return false;
  const { dev, ino } = fstatSync(fd);
  return stream === `${dev}:${ino}`;
}

function chooseEncoder(fd: number, format: LogFormat, stream: string | undefined): Encode {
  const isJournald = goesToJournald(fd, stream);
  const isText = format === "text" || (format === "auto" && (isJournald || isTerminal(fd)));
  if (!isText) return encodeJson;
  return isJournald ? encodeForJournald : encodeForTerminal;
}

/**
 * A terminal is opened once more, so that no write waits: poll(2) calls one writable when a single byte fits, and the rest of a
 * longer write then waits for its reader (seen with a pseudo terminal, Linux 6.18). What the others who hold the old
 * descriptor share with us stays as it was.
 */
function openOutlet(fd: number): Outlet {
  const inherited = inheritedFd(fd);
  return descriptorOutlet(isTerminal(fd) ? (reopened(fd) ?? inherited) : inherited);
}

/** Undefined: somebody else's terminal, as after su. */
function reopened(fd: number): Fd | undefined {
  try {
    return openFile(`/dev/fd/${fd}`, "write");
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** Where the journal goes, and how it is written. */
export interface JournalOutput {
  /** 1 is stdout, 2 is stderr. */
  readonly fd: number;
  readonly format: LogFormat;
  readonly level: Level;
  /** The environment's JOURNAL_STREAM. */
  readonly stream: string | undefined;
  /** Monotonic. */
  readonly now: () => Milliseconds;
}

/** The journal of the daemon, on one of its open descriptors. */
export const openJournal = ({ fd, format, level, stream, now }: JournalOutput): Journal =>
  createJournal({
    sink: createSink(openOutlet(fd), capacity),
    encode: chooseEncoder(fd, format, stream),
    level,
    now,
    wallTime: Date.now,
  });
