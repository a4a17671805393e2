import { type Command, type DropLevel, dropLevels } from "#domain/giver.ts";
import { type CgroupPath, cgroupPath, type KiB, mib, milliseconds, seconds } from "#domain/units.ts";
import { duration } from "./duration.ts";
import { largestSize, size } from "./size.ts";
import { choice, describeWritten, nameOf, refused, type ValueType, value } from "./value-type.ts";

const isText = (written: unknown): written is string => typeof written === "string";
const nul = "\0";

/** A program and its arguments. */
export const command: ValueType<Command> = {
  wants: 'a list such as ["/usr/bin/program", "argument"]',
  read(written) {
    if (!Array.isArray(written)) return refused(`${describeWritten(written)} is not a list`, `write ${command.wants}`);
    if (!written.every(isText)) return refused("not all of it are texts", "write each argument in quotes");
    const [program, ...words] = written;
    if (program === undefined) return refused("it lists nothing", `write ${command.wants}`);
    if (!program.startsWith("/")) {
      return refused("no folder is searched for programs", `write the whole path of "${program}"`);
    }
    if (written.some((word) => word.includes(nul))) return refused("it holds a NUL", "no argument can hold one");
    return value([program, ...words] as const);
  },
  show: (words) => JSON.stringify(words),
};

/** The path of a cgroup. */
export const memcgPath: ValueType<CgroupPath> = {
  wants: 'a path such as "/user.slice/background.slice"',
  read(written) {
    if (!isText(written) || !written.startsWith("/") || written.includes(nul)) {
      return refused("it is not the path of a cgroup", `write ${memcgPath.wants}`);
    }
    if (written.split("/").includes("..")) return refused("it leaves the hierarchy", "write the path without ..");
    return value(cgroupPath(written));
  },
  show: (path) => `"${path}"`,
};

const someMemory = size([mib(1), largestSize]);

const amountOrAll: ValueType<KiB | "all"> = {
  wants: `${someMemory.wants}, or "all"`,
  read: (written) => (written === "all" ? value("all") : someMemory.read(written)),
  show: (amount) => (amount === "all" ? '"all"' : someMemory.show(amount)),
};

const dropLevel: ValueType<DropLevel> = {
  wants: "1, 2 or 3",
  read(written) {
    const level = dropLevels.find((each) => each === written);
    return level === undefined ? refused("there is no such level", "write 1, 2 or 3, without quotes") : value(level);
  },
  show: String,
};

/** What each key of a giver may hold. */
export const giverValues = {
  name: nameOf("the giver"),
  kind: choice(["hook", "reclaim", "drop-caches"]),
  run: command,
  user: nameOf("a user"),
  cgroup: memcgPath,
  amount: amountOrAll,
  level: dropLevel,
  timeout: duration([milliseconds(10), seconds(60)]),
} as const;
