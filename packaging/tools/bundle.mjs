/**
 * Makes one file of all that a program is: two hundred modules take 2.4 MiB of heap and half of the start more than the same code in one.
 * Reads what the compiler wrote, and writes beside it.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rollup } from "@rollup/wasm-node";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Packages stay what they are: koffi finds its binary beside itself, and the others are loaded only by daemons that need them. */
const external = /^[^.#/\0]/;

/** `#daemon/loop.ts`, by the table of package.json. */
function resolveAlias(id) {
  for (const [alias, target] of Object.entries(imports)) {
    const [before, after] = alias.split("*");
    if (id.startsWith(before) && id.endsWith(after)) {
      return join(root, target.default.replace("*", id.slice(before.length, id.length - after.length)));
    }
  }
  return null;
}

/** One character past Latin-1, and V8 holds the whole text with two bytes for each. Comments are gone; what is left stands in strings. */
const ascii = {
  name: "ascii",
  renderChunk: (code) =>
    code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
};

const aliases = { name: "aliases", resolveId: resolveAlias };

/** Each by itself: code that two share would be a file more to load for both. */
const programs = ["command-line", "daemon-main"];

async function bundleProgram(name) {
  const input = join(root, "dist", "src", "cli", `${name}.js`);
  const onwarn = (warning, warn) => {
    // The compiler's helper for `using` asks whether there is one already.
    if (warning.code !== "THIS_IS_UNDEFINED") warn(warning);
  };
  const built = await rollup({ input, external, plugins: [aliases, ascii], onwarn });
  const dir = join(root, "dist", "bundle");
  await built.write({
    dir,
    format: "cjs",
    dynamicImportInCjs: false,
    compact: true,
    entryFileNames: "[name].cjs",
    chunkFileNames: `${name}/[name].cjs`,
  });
  await built.close();
}

/** Writes `dist/bundle`. */
export async function bundle() {
  for (const name of programs) await bundleProgram(name);
}
