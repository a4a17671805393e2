import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { bytes, gib } from "#domain/units.ts";
import type { Rule } from "#engine/rule.ts";

/** Conditions as operators write them, in the order of how often they do; each with a number of its own. */
const conditions: readonly ((n: number) => string)[] = [
  (n) => `name = "daemon-${n}"`,
  (n) => `exe = "/usr/lib/vendor-${n}/bin/server"`,
  (n) => `unit = "database-${n}*.service"`,
  (n) => `name = "worker-${n}-*"`,
  (n) => `exe = '/^/(usr|nix/store)/.*/(locker${n}|portal${n}[^/]*)$/'`,
  (n) => `cmdline = "*--type=utility-${n}*"`,
  (n) => `app = "org.example.App${n}"`,
  (n) => `cgroup = "/user.slice/user-${n}.slice/*"`,
  (n) => `cmdline = '/--(backup|restore)-job=${n}[0-9]+ /'`,
  (n) => `uid = ${100_000 + n}`,
  (n) => `name = "job?-${n}"\nage = "> 10min"`,
  (n) => `container = "${n.toString(16).padStart(8, "0")}*"\nmemory = "> 100MiB"`,
];

const verdicts = ["never", "avoid", "prefer"];

/** So many rules of all kinds in turn, as they come out of a file. */
export function manyRules(count: number): readonly Rule[] {
  const text = Array.from({ length: count }, (_, n) => {
    const condition = conditions[n % conditions.length]?.(n);
    return `[[rule]]\nverdict = "${verdicts[n % verdicts.length]}"\n${condition}\n`;
  }).join("\n");
  const loaded = loadConfig({ presets: {}, files: [{ path: "many.toml", text }], overrides: ["preset=none"] });
  const machine = { ram: gib(16), userMemory: gib(16), swap: gib(0), pageSize: bytes(4096), hasPressure: true };
  const compiled = compilePlan(loaded, machine);
  if (compiled.kind === "refused") throw new Error(compiled.problems.map(({ message }) => message).join());
  return compiled.plan.rules;
}
