import { milliseconds } from "#domain/units.ts";
import type { Outlet } from "#journal/outlet.ts";
import type { Fd } from "#native-bindings/file.ts";
import { hasRoom, writeIfRoom } from "#native-bindings/write-if-room.ts";

const atOnce = milliseconds(0);

/** An open descriptor (stderr, usually) as an outlet. When its reader is gone, everything is taken and forgotten. */
export const descriptorOutlet = (fd: Fd): Outlet => ({
  tryWrite: (bytes) => {
    try {
      return writeIfRoom(fd, bytes, atOnce);
    } catch {
      // A journal that cannot be written any more is no reason to stop watching memory.
      return bytes.length;
    }
  },
  waitForRoom: (patience) => hasRoom(fd, patience),
});
