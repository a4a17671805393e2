import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { openBlock, type ReadBytes } from "./block.ts";
import { type LineDecoder, lineDecoder } from "./line-codec.ts";
import { RecordingError } from "./recording-error.ts";
import { type TapeHeader, type TapeRecord, tapeFormat } from "./tape-record.ts";

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
      return line === undefined ? undefined : decoder.record(line.text);
    } catch (error) {
      if (!isDamage(error)) throw error;
      const isCut = error instanceof RecordingError && error.fault === "cut";
      if (!isCut) ending = { kind: "damaged", text: error.message };
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

/** A line of a block that can be unpacked and is none of ours all the same: somebody else's hands were in it. */
const isDamage = (error: unknown): error is Error =>
  error instanceof RecordingError || error instanceof SyntaxError || error instanceof TypeError;

interface Line {
  readonly text: string;
}

function* linesOf(read: ReadBytes): Generator<Line, undefined> {
  let offset = 0;
  for (let block = openBlock(read, offset); block !== undefined; block = openBlock(read, offset)) {
    offset = block.end;
    for (const text of block.text.split("\n")) if (text !== "") yield { text };
  }
  return undefined;
}

function readHeader(decoder: LineDecoder, lines: Generator<Line, undefined>): TapeHeader {
  try {
    const { value: line } = lines.next();
    const header = decoder.header(line?.text ?? "");
    if (header.format === tapeFormat) return header;
  } catch (error) {
    if (error instanceof RecordingError && error.fault === "cut") throw error;
    if (isDamage(error)) throw new RecordingError("no-recording", 0, error);
    throw error;
  }
  throw new RecordingError("other-format", 0);
}
