/**
 * Why a recording cannot be read from a place on. `cut`: it ends in the middle of a block, as after a crash. `misshapen`: it can be
 * unpacked, and says what no tidemark writes; the cause says what.
 */
export type RecordingFault = "cut" | "damaged" | "misshapen" | "no-recording" | "other-format";

const found: Readonly<Record<RecordingFault, string>> = {
  cut: "it ends in the middle of a block",
  damaged: "its bytes are not what was written",
  misshapen: "it was changed by somebody",
  "no-recording": "it is no recording of tidemark",
  "other-format": "it was made by a later tidemark, in a format that this one does not know",
};

/** A recording that cannot be read, or not from there on. */
export class RecordingError extends Error {
  readonly fault: RecordingFault;
  /** In bytes from the beginning of the file. */
  readonly offset: number;

  constructor(fault: RecordingFault, offset: number, cause?: unknown) {
    const said = fault === "misshapen" && cause instanceof Error ? `: ${cause.message}` : "";
    super(`${found[fault]}${said} (byte ${offset})`, { cause });
    this.name = "RecordingError";
    this.fault = fault;
    this.offset = offset;
  }
}
