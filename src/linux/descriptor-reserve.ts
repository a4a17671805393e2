import { closeFd, type Fd, openFile } from "#native-bindings/file.ts";
import { ignore } from "./failure.ts";

/** One descriptor kept for the moment when there are no more: it makes room to read who a pid is before it is killed. */
export interface DescriptorReserve extends Disposable {
  spend(): void;
  /** Tries to have it again; when that fails, the next time will do. */
  refill(): void;
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
      ignore(error, "the next release tries again");
    }
  };
  refill();
  return { spend, refill, [Symbol.dispose]: spend };
}
