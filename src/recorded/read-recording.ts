import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { openBlock, type ReadBytes } from "./block.ts";
import { type LineDecoder, lineDecoder } from "./line-codec.ts";
import { RecordingError } from "./recording-error.ts";
import type { TapeHeader, TapeRecord } from "./tape-record.ts";

/** How a recording ends. */
export type TapeEnding =
  | { readonly kind: "ended"; readonly why: string }
  /** Its recorder was never told to end it: it was killed, or the machine went down. */
  | { readonly kind: "cut" }
  | { readonly kind: "damaged"; readonly text: string };

/** A recording, read as it is asked for: it may be longer than memory. */
export interface Recording extends Disposable {
  readonly header: TapeHeader;
  /** The next record; undefined at the end, and where damage begins. */
  next(): TapeRecord | undefined;
  /** Once there is no next record. */
  readonly ending: TapeEnding;
}

/** Opens a recording. @throws RecordingError when it is none; Error of `node:fs` when it cannot be read at all */
export function openRecording(path: string): Recording {
  // A pipe that nobody writes to would be waited for.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    if (!fstatSync(fd).isFile()) throw new RecordingError("no-recording", 0);
    return playFrom(fd);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

const readerOf =
  (fd: number): ReadBytes =>
  (offset, length) => {
    const bytes = new Uint8Array(length);
    let got = 0;
    for (let step = 1; step > 0 && got < length; got += step) {
      step = readSync(fd, bytes, got, length - got, offset + got);
    }
    return bytes.subarray(0, got);
  };

function playFrom(fd: number): Recording {
  const decoder = lineDecoder();
  const lines = linesOf(readerOf(fd));
  const header = readHeader(decoder, lines);
  let ending: TapeEnding = { kind: "cut" };
  let isClosed = false;

  const read = (): TapeRecord | undefined => {
    try {
      const { value: line } = lines.next();
      return line && decode(line, decoder.record);
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      if (error.fault !== "cut") ending = { kind: "damaged", text: error.message };
      return undefined;
    }
  };

  return {
    header,
    next() {
      if (ending.kind !== "cut") return undefined;
      const record = read();
      if (record?.kind !== "end") return record;
      ending = { kind: "ended", why: record.why };
      return undefined;
    },
    get ending() {
      return ending;
    },
    [Symbol.dispose]() {
      if (!isClosed) closeSync(fd);
      isClosed = true;
    },
  };
}

interface Line {
  readonly text: string;
  /** In bytes, where the block begins that it is in. */
  readonly offset: number;
}

/** @throws RecordingError */
function decode<T>({ text, offset }: Line, decoder: (text: string) => T): T {
  try {
    return decoder(text);
  } catch (error) {
    // A RangeError is a value of more levels than ours ever have.
    if (![SyntaxError, TypeError, RangeError].some((kind) => error instanceof kind)) throw error;
    throw new RecordingError("misshapen", offset, error);
  }
}

function* linesOf(read: ReadBytes): Generator<Line, undefined> {
  let offset = 0;
  for (let block = openBlock(read, offset); block !== undefined; block = openBlock(read, offset)) {
    for (const text of block.text.split("\n")) if (text !== "") yield { text, offset };
    offset = block.end;
  }
  return undefined;
}

const beginning = '["tidemark recording",';

function readHeader(decoder: LineDecoder, lines: Generator<Line, undefined>): TapeHeader {
  const line = firstOf(lines);
  if (line?.text.startsWith(beginning)) return decode(line, decoder.header);
  throw new RecordingError("no-recording", 0);
}

function firstOf(lines: Generator<Line, undefined>): Line | undefined {
  try {
    return lines.next().value;
  } catch (error) {
    const isOthers = error instanceof RecordingError && error.fault === "damaged";
    throw isOthers ? new RecordingError("no-recording", 0, error) : error;
  }
}
