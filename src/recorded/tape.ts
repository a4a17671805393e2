import { add, atLeast, type Bytes, type Milliseconds, seconds } from "#domain/units.ts";
import type { BackgroundWriter } from "./background-writer.ts";
import { sealBlock } from "./block.ts";
import { lineEncoder } from "./line-codec.ts";
import type { TapeHeader, TapeRecord } from "./tape-record.ts";

/** A recording that is being made. Nothing here waits; what can be lost with a crash is the last ten seconds. */
export interface Tape {
  /** Takes what happened; `at` is the machine's clock. Does nothing once the recording is over. */
  append(records: readonly TapeRecord[], at: Milliseconds): void;
  readonly looks: number;
  /** As they are, or will be, in the file. */
  readonly bytes: number;
  /** Why the recording is over, although nobody ended it. */
  readonly trouble: string | undefined;
  /** The trouble is that the file may not become larger. */
  readonly isFull: boolean;
  /** Ends it: when all is written. */
  close(why: string): Promise<void>;
}

/** What a tape is made of. */
export interface TapeOptions {
  readonly writer: BackgroundWriter;
  readonly header: TapeHeader;
  /** The file never becomes larger. */
  readonly limit: Bytes;
}

/** A block is closed when it has so many characters, or when its first line is so old. */
const fullBlock = 0x8000;
const oldBlock = seconds(10);

/** Room for the last line. */
const farewell = 200;

/** A tape with its header. */
export function createTape({ writer, header, limit }: TapeOptions): Tape {
  const encoder = lineEncoder();
  let text = encoder.header(header);
  let begunAt = header.startedAt;
  let looks = 0;
  let written = 0;
  let isOver = false;
  let trouble: string | undefined;
  let isFull = false;

  const seal = (): void => {
    if (isOver || text === "") return;
    const block = sealBlock(text);
    text = "";
    isFull = written + block.length > limit - farewell;
    if (isFull) stop("the file has reached its largest size");
    else if (writer.write(block)) written += block.length;
    else stop(writer.trouble);
  };

  /** What comes later would be a difference to what is not there: nothing may follow. */
  const stop = (why: string | undefined): void => {
    if (why !== undefined) writeEnd(why);
    trouble = why;
    isOver = true;
  };

  const writeEnd = (why: string): void => {
    const block = sealBlock(encoder.record({ kind: "end", why }));
    if (writer.write(block)) written += block.length;
  };

  return {
    get looks() {
      return looks;
    },
    get bytes() {
      return written;
    },
    get trouble() {
      return trouble ?? writer.trouble;
    },
    get isFull() {
      return isFull;
    },
    append(records, at) {
      if (isOver) return;
      if (text === "") begunAt = at;
      for (const record of records) {
        text += encoder.record(record);
        if (record.kind === "look") looks += 1;
      }
      const isNews = records.some(({ kind }) => kind === "act" || kind === "settings");
      if (isNews || text.length >= fullBlock || atLeast(at, add(begunAt, oldBlock))) seal();
    },
    async close(why) {
      seal();
      if (!isOver) writeEnd(why);
      isOver = true;
      await writer.close();
    },
  };
}
