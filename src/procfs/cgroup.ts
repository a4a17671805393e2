/*
 * 9:name=systemd:/user.slice/user-1000.slice/session-2.scope
 * 4:memory:/user.slice
 * 2:cpu,cpuacct:/
 * 0::/user.slice/user-1000.slice/session-2.scope
 *
 * kernel/cgroup/cgroup.c: proc_cgroup_show(). hierarchy:controllers:path; the line of cgroup v2 is `0::`, since 4.5. A path may
 * hold `:` and blanks but no newline (cgroup_mkdir() refuses it). Where the cgroup of a zombie is removed already, its v2 path
 * ends with " (deleted)"; so may the name of a living cgroup, and nothing tells them apart: the path is given as it stands.
 */
import { type CgroupPath, cgroupPath } from "#domain/units.ts";
import {
  type Cursor,
  cursorOver,
  damageAt,
  endOfLine,
  expectText,
  isAt,
  isAtEnd,
  readUnsigned,
  skipLine,
} from "./scanner.ts";
import { decodeText } from "./text.ts";
import { isWholeFile } from "./whole-file.ts";

/** That of cgroup v2. */
const unifiedHierarchy = 0;

/**
 * The path in the hierarchy that controls memory: that of the v1 memory controller where there is one, else that of cgroup v2.
 * Undefined: neither is there, or the process is gone and what was read ends early. @throws ParseError
 */
export function parseCgroup(bytes: Uint8Array): CgroupPath | undefined {
  if (!isWholeFile(bytes)) return undefined;
  const cursor = cursorOver("PID/cgroup", bytes);
  let unified: CgroupPath | undefined;
  while (!isAtEnd(cursor)) {
    const hierarchy = readUnsigned(cursor);
    expectText(cursor, ":");
    if (readControllers(cursor)) return readPath(cursor);
    if (hierarchy === unifiedHierarchy) unified = readPath(cursor);
    skipLine(cursor);
  }
  return unified;
}

/** Moves behind the list of controllers, `cpu,cpuacct:`. The result tells whether `memory` is one of them. */
function readControllers(cursor: Cursor): boolean {
  let hasMemory = isAtMemory(cursor);
  while (!isAt(cursor, ":")) {
    if (isAtEnd(cursor) || isAt(cursor, "\n")) throw damageAt(cursor, 'a list of controllers and ":"');
    const isSeparator = isAt(cursor, ",");
    cursor.offset++;
    if (isSeparator) hasMemory ||= isAtMemory(cursor);
  }
  cursor.offset++;
  return hasMemory;
}

const isAtMemory = (cursor: Cursor): boolean => isAt(cursor, "memory,") || isAt(cursor, "memory:");

function readPath(cursor: Cursor): CgroupPath {
  if (!isAt(cursor, "/")) throw damageAt(cursor, 'a path that begins with "/"');
  return cgroupPath(decodeText(cursor.bytes, cursor.offset, endOfLine(cursor)));
}
