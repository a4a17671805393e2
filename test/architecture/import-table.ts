/** What the files of one folder may import, besides each other. */
export interface ImportRow {
  /** Layers by their alias, or a single file of one: `engine/define-policy`. */
  readonly layers: readonly string[];
  /** Packages, and modules of Node as `node:fs`; `node:` means any of them. */
  readonly packages?: readonly string[];
}

/**
 * Who may import what. A folder imports only from rows above its own, so cycles of folders cannot exist; a folder that
 * is not listed may import nothing. `test/` may import anything, and nobody may import `test/`.
 */
export const importTable: Readonly<Record<string, ImportRow>> = {
  "src/domain": { layers: [] },
  "src/engine": { layers: ["domain"] },
  policies: {
    layers: [
      "domain",
      "engine/define-policy",
      "engine/define-detector",
      "engine/define-ranker",
      "engine/option",
      "engine/zone",
    ],
  },
  "src/machine": { layers: ["domain"] },
  "src/procfs": { layers: ["domain"] },
  "native-bindings": { layers: ["domain"], packages: ["koffi"] },
  "src/linux": {
    layers: ["domain", "machine", "procfs", "native-bindings"],
    packages: ["node:fs", "node:path", "node:child_process", "node:module"],
  },
  "src/simulated": { layers: ["domain", "machine"] },
  "src/recorded": { layers: ["domain", "machine"], packages: ["node:fs", "node:zlib"] },
  "src/plan": { layers: ["domain", "engine", "policies"], packages: ["re2js", "node:module"] },
  "src/config": {
    layers: ["domain", "engine", "policies", "plan"],
    packages: ["smol-toml", "fastest-levenshtein"],
  },
  "src/journal": { layers: ["domain"] },
  "src/daemon": {
    layers: [
      "domain",
      "engine",
      "policies",
      "machine",
      "procfs",
      "native-bindings",
      "linux",
      "simulated",
      "recorded",
      "plan",
      "config",
      "journal",
    ],
    packages: ["node:"],
  },
  "src/cli": { layers: ["config", "journal", "machine", "daemon"], packages: ["yargs-parser", "node:tty"] },
};
