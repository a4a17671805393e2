import { closeFd, type Fd, openFile } from "#native-bindings/file.ts";
import { failureOf, ignore, lacksDescriptors } from "./failure.ts";
import type { ProcessFiles } from "./process-files.ts";

/** One descriptor kept for the moment when there are no more: it makes room to see who is there, and who a pid is before it is killed. */
export interface DescriptorReserve extends Disposable {
  /** Runs what opens a descriptor and closes it again; with the room of the reserve, when there is no other. */
  lend<T>(use: () => T): T;
}

/** Opens the descriptor that is kept for the day none is left. */
export function makeDescriptorReserve(): DescriptorReserve {
  let fd: Fd | undefined;
  const spend = (): void => {
    if (fd !== undefined) closeFd(fd);
    fd = undefined;
  };
  const refill = (): void => {
    try {
      fd ??= openFile("/dev/null");
    } catch (error) {
      ignore(error, "the next use tries again");
    }
  };
  refill();
  return {
    lend(use) {
      try {
        return use();
      } catch (error) {
        if (fd === undefined || !lacksDescriptors(failureOf(error, "a descriptor"))) throw error;
        spend();
        return use();
      } finally {
        refill();
      }
    },
    [Symbol.dispose]: spend,
  };
}

/** Keeps none: for a tree that nobody depends on. */
export const noReserve: DescriptorReserve = { lend: (use) => use(), [Symbol.dispose]: () => undefined };

/** The same files, which can be read when no descriptor is left but that of the reserve. */
export const readInReserve = (files: ProcessFiles, reserve: DescriptorReserve): ProcessFiles => ({
  ...files,
  listPids: () => reserve.lend(() => files.listPids()),
  listThreads: (of) => reserve.lend(() => files.listThreads(of)),
  read: (of, file, parse) => reserve.lend(() => files.read(of, file, parse)),
});
