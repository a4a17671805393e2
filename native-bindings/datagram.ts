import { errnoName, refusal } from "./errno.ts";
import { closeFd, type Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";

/** sys/socket.h: AF_UNIX; SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK */
const unixFamily = 1;
const datagramSocket = 2 | 0o2000000 | 0o4000;
/** sys/socket.h: MSG_DONTWAIT | MSG_NOSIGNAL */
const withoutWaiting = 0x40 | 0x4000;

/** linux/un.h: struct sockaddr_un { sa_family_t sun_family; char sun_path[108]; } */
export const unixAddressLayout = { size: 110, path: 2, longestPath: 108 } as const;

const socket = declare<(family: number, type: number, protocol: number) => number>(
  "int socket(int family, int type, int protocol)",
);
const connect = declare<(fd: number, address: Uint8Array, size: number) => number>(
  "int connect(int fd, const void *address, unsigned int size)",
);
const send = declare<(fd: number, content: Uint8Array, size: number, flags: number) => number>(
  "intptr_t send(int fd, const void *content, size_t size, int flags)",
);

/** What says that the other end takes nothing now: its queue is full, or the kernel has no memory for the message. */
const notNow = ["EAGAIN", "ENOBUFS", "ENOMEM", "EINTR"];

/** Sends messages to one socket of this machine. */
export interface Messenger extends Disposable {
  /** False: not now. A full queue is never waited for. @throws SystemError when nobody listens */
  send(message: string): boolean;
}

/**
 * Opens a way to a datagram socket by its address: a path, or a name of no file where the first character is `@`. It is
 * connected anew for every message, so that a listener that was started again is found; that waits for nobody.
 * @throws SystemError, RangeError for what is no such address
 * @see unix(7)
 */
export function openMessenger(address: string): Messenger {
  const name = encodeAddress(address);
  const fd = socket()(unixFamily, datagramSocket, 0);
  if (fd < 0) throw refusal("socket", lastErrno(), address);
  const encoder = new TextEncoder();
  return {
    send(message) {
      if (connect()(fd, name, name.length) !== 0) throw refusal("connect", lastErrno(), address);
      const content = encoder.encode(message);
      if (send()(fd, content, content.length, withoutWaiting) >= 0) return true;
      const errno = lastErrno();
      if (notNow.includes(errnoName(errno))) return false;
      throw refusal("send", errno, address);
    },
    [Symbol.dispose]: () => closeFd(fd as Fd),
  };
}

/** A name of no file begins with NUL and ends where the address ends; a path ends with NUL. */
function encodeAddress(address: string): Uint8Array {
  const isAbstract = address.startsWith("@");
  const path = new TextEncoder().encode(isAbstract ? `\0${address.slice(1)}` : `${address}\0`);
  const isAddress = (isAbstract || address.startsWith("/")) && path.length <= unixAddressLayout.longestPath;
  if (!isAddress) throw new RangeError(`Cannot send to "${address}": it must be a path or begin with @, and be short`);
  const encoded = new Uint8Array(unixAddressLayout.path + path.length);
  new DataView(encoded.buffer).setUint16(0, unixFamily, true);
  encoded.set(path, unixAddressLayout.path);
  return encoded;
}
