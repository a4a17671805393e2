import { type Pid, pid } from "#domain/units.ts";
import { readNumberedEntries } from "#native-bindings/directory.ts";
import { closeFd, type Fd, openFile } from "#native-bindings/file.ts";
import type { DescriptorReserve } from "./descriptor-reserve.ts";
import { failureOf, lacksDescriptors } from "./failure.ts";

/** The processes that `/proc` lists, part by part. */
export interface PidListing extends Disposable {
  /** The next part; undefined: the list has ended, and the next question begins it anew. @throws SystemError */
  next(): readonly Pid[] | undefined;
}

/** Some 300 processes, which take 0.3 ms (Linux 6.18, 10,000 processes): a part fits into any slice of time. */
const partSize = 8192;

/** Opens the directory when the list begins, and closes it at its end. Where it cannot be open for so long, all are told in one part. */
export function makePidListing(root: string, reserve: DescriptorReserve): PidListing {
  const path = `${root}/proc`;
  const buffer = new Uint8Array(partSize);
  let fd: Fd | undefined;
  let isTold = false;
  const close = (): void => {
    if (fd !== undefined) closeFd(fd);
    fd = undefined;
  };

  const readPart = (from: Fd): readonly Pid[] | undefined => readNumberedEntries(from, buffer)?.map(pid);

  const readAll = (): readonly Pid[] => {
    const from = openFile(path);
    try {
      const all: Pid[] = [];
      for (let part = readPart(from); part !== undefined; part = readPart(from)) all.push(...part);
      return all;
    } finally {
      closeFd(from);
    }
  };

  const tellPart = (): readonly Pid[] | undefined => {
    fd ??= openFile(path);
    const part = readPart(fd);
    if (part === undefined) close();
    return part;
  };

  return {
    next() {
      if (isTold) {
        isTold = false;
        return undefined;
      }
      try {
        return tellPart();
      } catch (error) {
        close();
        if (!lacksDescriptors(failureOf(error, path))) throw error;
        const all = reserve.lend(readAll);
        isTold = true;
        return all;
      }
    },
    [Symbol.dispose]: close,
  };
}
