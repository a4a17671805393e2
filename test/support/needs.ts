import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SystemError } from "#domain/system-error.ts";
import { writeXattr } from "#native-bindings/xattr.ts";

const isThere = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));

/** Why a test cannot run here, for its `skip`: a program it starts is not installed. False when all are. */
export function lacksPrograms(...programs: readonly string[]): string | false {
  const missing = programs.filter((program) => !isThere(program));
  return missing.length > 0 && `not installed here: ${missing.join(", ")}`;
}

/** Why a test that kills cannot run here: its hogs are another user's, so that its daemon can reach nobody else. */
export const lacksHogs: string | false = process.geteuid?.() === 0 ? false : "hogs of another user need root";

/** Why nothing can be mounted in namespaces of a test's own, or false. Root in a container may lack the right, which only trying shows. */
export function lacksNamespaces(): string | false {
  const missing = lacksPrograms("unshare", "mount", "sh");
  if (missing !== false) return missing;
  const bind = ["mount", "--bind", "/proc/version", "/proc/version"];
  const { status } = spawnSync("unshare", ["--mount", "--pid", "--fork", ...bind], { stdio: "ignore" });
  return status === 0 ? false : "needs the right to make a namespace and to mount (root, CAP_SYS_ADMIN)";
}

/** Why a file or folder can have no attributes such as these, or false: some file systems keep none, or none of an ordinary user. */
export function lacksXattrs(path: string, ...names: readonly string[]): string | false {
  try {
    for (const name of names) writeXattr(path, name, "1");
    return false;
  } catch (error) {
    if (error instanceof SystemError) return `the file system answers ${error.errno} to ${error.subject}`;
    throw error;
  }
}

/** linux/capability.h */
const capabilityBits = { CAP_IPC_LOCK: 14, CAP_SYS_PTRACE: 19, CAP_SYS_RESOURCE: 24 } as const;

/** Why a test cannot run here: a right that root usually has. */
export function lacksCapability(name: keyof typeof capabilityBits): string | false {
  const [, held = "0"] = /^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return (BigInt(`0x${held}`) >> BigInt(capabilityBits[name])) % 2n === 1n ? false : `needs ${name}`;
}

/** Why a test of processes that share memory cannot run here: of another user's nobody else may ask the kernel. @see kcmp(2) */
export const lacksSharers: string | false = lacksHogs || lacksCapability("CAP_SYS_PTRACE");
