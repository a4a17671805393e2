import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../../../../policies/presets/", import.meta.url);

/** The presets as they are shipped, by name. */
export const shippedPresets = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith(".toml"))
      .map((file) => [file.slice(0, -".toml".length), readFileSync(new URL(file, folder), "utf8")]),
  );
