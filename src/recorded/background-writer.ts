import { close, fdatasync, write } from "node:fs";
import { codeOf } from "#domain/system-error.ts";

/**
 * Writes blocks one after the other on a thread of the pool: a disk that is slow or full, as disks are while memory runs out,
 * delays nobody who looks at memory.
 */
export interface BackgroundWriter {
  /** Takes a block. False: it was refused, and with it everything after it. */
  write(block: Uint8Array): boolean;
  /** Why nothing more is taken, in words; undefined while all is well. */
  readonly trouble: string | undefined;
  /** When all that was taken has been written and the file is closed. */
  close(): Promise<void>;
}

/** So much may wait for a slow disk. */
const mostWaiting = 0x800000;

/** Writes to an open file from its beginning, and owns its descriptor. */
export function backgroundWriter(fd: number): BackgroundWriter {
  const blocks: Uint8Array[] = [];
  let waiting = 0;
  let trouble: string | undefined;
  let isBusy = false;
  let onIdle: (() => void) | undefined;

  const give = (error: NodeJS.ErrnoException | null): boolean => {
    if (error === null) return false;
    trouble = `the file cannot be written: ${codeOf(error)}`;
    blocks.length = 0;
    return true;
  };

  const next = (): void => {
    const block = blocks.shift();
    isBusy = block !== undefined;
    if (block === undefined) onIdle?.();
    else writeAll(block, 0);
  };

  const writeAll = (block: Uint8Array, from: number): void =>
    write(fd, block, from, block.length - from, null, (error, written) => {
      if (give(error)) return next();
      if (from + written < block.length) return writeAll(block, from + written);
      waiting -= block.length;
      // Whoever needs a recording may have had to press the power button.
      fdatasync(fd, (syncError) => {
        give(syncError);
        next();
      });
    });

  return {
    get trouble() {
      return trouble;
    },
    write(block) {
      if (trouble === undefined && waiting + block.length > mostWaiting) trouble = "the disk is too slow for it";
      if (trouble !== undefined) return false;
      waiting += block.length;
      blocks.push(block);
      if (!isBusy) next();
      return true;
    },
    async close() {
      if (isBusy) {
        await new Promise<void>((resolve) => {
          onIdle = resolve;
        });
      }
      await new Promise<void>((resolve) => close(fd, () => resolve()));
    },
  };
}
