import type { SystemFailure } from "#domain/system-error.ts";
import { kib, kibToBytes, type Milliseconds } from "#domain/units.ts";
import type { CensusSource, OpenedCensus } from "#linux/open-census.ts";
import { adoptFd } from "#native-bindings/exec.ts";
import { type Fd, readAt, writeOnce } from "#native-bindings/file.ts";
import { makeMemoryFile } from "#native-bindings/memory-file.ts";
import type { MachineFacts } from "#plan/watermarks.ts";
import type { ConfigChoice } from "./config-files.ts";
import type { DaemonOptions } from "./daemon-options.ts";
import type { SettingsInForce } from "./settings-in-force.ts";

/** What a daemon is given to live by. */
export interface Handover {
  readonly options: DaemonOptions;
  readonly settings: SettingsInForce;
  /** Opened before: what it takes to open it is not to be found in the daemon. */
  readonly census: OpenedCensus;
  /** When the process was started that came before; CLOCK_MONOTONIC. */
  readonly startedAt: Milliseconds;
}

/** Where the daemon runs when nothing can take our place, and why. */
export interface Lodging {
  readonly letter: Fd;
  /** Undefined: in a process of its own. */
  readonly crowded?: SystemFailure;
}

/** Which settings a daemon asks for: all read again, or those of its letter for a machine that was resized. */
export type AskedSettings =
  | { readonly kind: "reload"; readonly settings: ConfigChoice }
  | { readonly kind: "refit"; readonly facts: MachineFacts };

/** Settings, or why they are refused: each problem with its place, on one line. */
export type SettingsAnswer =
  | { readonly kind: "settings"; readonly settings: SettingsInForce }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

/**
 * A file in memory with two lines of JSON: what somebody needs now, and the settings as they were written, of which the same plan
 * can be made again. The second is seldom read, and lies outside of every heap.
 */
export interface Letter<T> {
  readonly message: T;
  /** Undefined: there are none. */
  readonly noted: unknown;
}

/** Writes a letter; whoever asked for it closes it. @throws SystemError */
export function writeLetter<T>({ message, noted }: Letter<T>, fd: Fd = makeMemoryFile("tidemark", "text")): Fd {
  const text = `${JSON.stringify(message)}\n${JSON.stringify(noted ?? null)}\n`;
  writeOnce(fd, new TextEncoder().encode(text), "a letter");
  return fd;
}

/** The letter that was left open for us under this number. @throws SystemError when there is none */
export const takeLetter = (number: string | undefined): Fd => adoptFd(Number(number ?? -1));

/** Takes over what a census is taken with, if it could be opened. @throws SystemError when it is not there */
export function adoptCensus(census: OpenedCensus): CensusSource | undefined {
  return census.kind === "open" ? { ...census.source, link: adoptFd(census.source.link) } : undefined;
}

/** The message of a letter; the rest is not even looked at. @throws SystemError */
export const readMessage = <T>(fd: Fd): T => JSON.parse(readLetter(fd).message) as T;

/** The settings as they were written, for those who make or keep plans. @throws SystemError */
export const readNoted = (fd: Fd): unknown => JSON.parse(readLetter(fd).noted);

const newLine = 0x0a;
const readAtOnce = kibToBytes(kib(64));

function readLetter(fd: Fd): { readonly message: string; readonly noted: string } {
  const content = readWhole(fd);
  const end = content.indexOf(newLine);
  const decoder = new TextDecoder();
  return { message: decoder.decode(content.subarray(0, end)), noted: decoder.decode(content.subarray(end + 1)) };
}

function readWhole(fd: Fd): Uint8Array {
  let content = new Uint8Array(readAtOnce);
  let size = 0;
  for (;;) {
    const more = readAt(fd, content.subarray(size), size);
    if (more === 0) return content.subarray(0, size);
    size += more;
    if (size < content.length) continue;
    const larger = new Uint8Array(content.length * 2);
    larger.set(content);
    content = larger;
  }
}
