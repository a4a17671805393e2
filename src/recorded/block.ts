import { gunzipSync, gzipSync } from "node:zlib";
import { RecordingError } from "./recording-error.ts";

/*
 * A recording is a gzip file of many members, so that zcat shows it. Each member is written at once and can be read without
 * the ones behind it: what is lost with a crash is the last of them. Its own length stands in a field of its header, as in
 * the files of bgzip(1). @see RFC 1952, 2.3.1.1: extra field
 */
const plainHeader = 10;
const flagsAt = 3;
const hasExtra = 0x04;
/** XLEN, subfield "TM", its length, and the length of the whole member in 4 bytes. */
const extraLength = 10;
const header = plainHeader + extraLength;
const subfield = [8, 0, 0x54, 0x4d, 4, 0] as const;
/** Fast rather than small: it runs on the thread that watches memory. */
const level = 3;

/** No block of ours is longer; a length that says so is damage. */
const longest = 0x4000000;

/** Text as one member of a gzip file. */
export function sealBlock(text: string): Uint8Array {
  const plain = gzipSync(text, { level });
  const block = new Uint8Array(plain.length + extraLength);
  block.set(plain.subarray(0, plainHeader));
  block[flagsAt] = hasExtra;
  block.set(subfield, plainHeader);
  new DataView(block.buffer).setUint32(header - 4, block.length, true);
  block.set(plain.subarray(plainHeader), header);
  return block;
}

/** Reads bytes of a file: as many as there are, at most as many as are asked for. */
export type ReadBytes = (offset: number, length: number) => Uint8Array;

/** A block, and where the next one begins. */
export interface OpenBlock {
  readonly text: string;
  readonly end: number;
}

/** The block at a place of a file; undefined at its end. @throws RecordingError when it is cut or damaged */
export function openBlock(read: ReadBytes, offset: number): OpenBlock | undefined {
  const head = read(offset, header);
  if (head.length === 0) return undefined;
  if (!isOurs(head)) throw new RecordingError("damaged", offset);
  if (head.length < header) throw new RecordingError("cut", offset);
  const length = new DataView(head.buffer, head.byteOffset).getUint32(header - 4, true);
  if (length <= header || length > longest) throw new RecordingError("damaged", offset);
  const block = read(offset, length);
  if (block.length < length) throw new RecordingError("cut", offset);
  return { text: inflate(block, offset), end: offset + length };
}

const begin = [0x1f, 0x8b, 8, hasExtra];

/** Whether it begins as a block does, as far as it goes. */
const isOurs = (head: Uint8Array): boolean =>
  begin.every((byte, at) => (head[at] ?? byte) === byte) &&
  subfield.every((byte, at) => (head[plainHeader + at] ?? byte) === byte);

/** gzip's own check sum says whether it is what was written. */
function inflate(block: Uint8Array, offset: number): string {
  try {
    return gunzipSync(block, { maxOutputLength: longest }).toString("utf8");
  } catch (error) {
    throw new RecordingError("damaged", offset, error);
  }
}
