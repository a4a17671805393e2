import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packageRoot } from "./package-root.ts";

/** What can be started of `src/cli`. */
type Program = "command-line" | "daemon-main";

/**
 * The file to start a program of `src/cli` by: one with all of its code, or, in a checkout where the compiler ran since that was made or
 * nothing made it, the module it begins with. In an installation there is no compiler, and times are those of copying.
 */
export function programFile(name: Program): string {
  const root = packageRoot();
  const compiled = join(root, "dist", "src", "cli", `${name}.js`);
  const bundled = join(root, "dist", "bundle", `${name}.cjs`);
  const made = statSync(bundled, { throwIfNoEntry: false });
  const isCheckout = existsSync(join(root, "tsconfig.json"));
  if (made === undefined || (isCheckout && made.mtimeMs < statSync(compiled).mtimeMs)) return compiled;
  return bundled;
}

/** The same for `import`. */
export const programUrl = (name: Program): string => pathToFileURL(programFile(name)).href;
