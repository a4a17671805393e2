import { closeFd, type Fd, openFile, readAt } from "#native-bindings/file.ts";

/** A file that stays open between looks: opening costs memory, which is what we lack when it matters. */
export interface KeptFile extends Disposable {
  /** The content as it is now. Valid until the next read. @throws SystemError */
  read(): Uint8Array;
}

/** A file of the kernel, and how it prints. */
export interface KeptFileOptions {
  readonly path: string;
  /**
   * The kernel prints the file as one record (`single_open`), so that a read which does not fill the buffer has it all.
   * Others come page by page, and only a read of nothing is their end.
   */
  readonly isOneRecord: boolean;
}

/** More than any of these files has on a small machine; kernel files tell no size, so a full buffer is doubled. */
const firstSize = 8192;

/** Opens the file at the first read, and anew after a read that failed. */
export function keepFile({ path, isOneRecord }: KeptFileOptions): KeptFile {
  let fd: Fd | undefined;
  let buffer = new Uint8Array(firstSize);

  const close = (): void => {
    if (fd !== undefined) closeFd(fd);
    fd = undefined;
  };

  /** Undefined: the buffer is full, and there may be more. */
  const fill = (from: Fd): Uint8Array | undefined => {
    let filled = 0;
    while (filled < buffer.length) {
      const size = readAt(from, filled === 0 ? buffer : buffer.subarray(filled), filled);
      filled += size;
      if (size === 0 || (isOneRecord && filled < buffer.length)) return buffer.subarray(0, filled);
    }
    return undefined;
  };

  const readWhole = (from: Fd): Uint8Array => {
    // From the beginning each time: two halves of a file that is printed anew for each read need not fit together.
    for (;;) {
      const content = fill(from);
      if (content !== undefined) return content;
      buffer = new Uint8Array(buffer.length * 2);
    }
  };

  return {
    read() {
      try {
        fd ??= openFile(path);
        return readWhole(fd);
      } catch (error) {
        close();
        throw error;
      }
    },
    [Symbol.dispose]: close,
  };
}
