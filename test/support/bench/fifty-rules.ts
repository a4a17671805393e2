import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { bytes, gib } from "#domain/units.ts";
import type { Rule } from "#engine/rule.ts";

const each = (count: number, of: (n: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, n) => of(n));

const rule = (verdict: string, condition: string): string => `[[rule]]\nverdict = "${verdict}"\n${condition}\n`;

/** Fifty rules as an operator may have collected them: by name, path, arguments, cgroup and user, globs and expressions. */
export const fiftyRules: readonly Rule[] = (() => {
  const text = [
    ...each(15, (n) => rule(n % 3 === 0 ? "avoid" : "never", `name = "daemon-${n}*"`)),
    ...each(10, (n) => rule("avoid", `exe = "/opt/vendor-${n}/*/bin/*"`)),
    ...each(5, (n) => rule("never", `exe = '/^\\/(usr|nix\\/store)\\/.*\\/(locker${n}|portal${n}[a-z-]*)$/'`)),
    ...each(6, (n) => rule("prefer", `cmdline = "*--type=utility-${n}*"`)),
    ...each(4, (n) => rule("avoid", `cmdline = '/--(backup|restore)=${n}[0-9]+ /'`)),
    ...each(6, (n) => rule("never", `cgroup = "/system.slice/database-${n}*.service"`)),
    ...each(4, (n) => rule("avoid", `uid = ${100 + n}`)),
  ].join("\n");
  const loaded = loadConfig({ presets: {}, files: [{ path: "fifty.toml", text }], overrides: ["preset=none"] });
  const machine = { ram: gib(16), userMemory: gib(16), swap: gib(0), pageSize: bytes(4096), hasPressure: true };
  const compiled = compilePlan(loaded, machine);
  if (compiled.kind === "refused") throw new Error(compiled.problems.map(({ message }) => message).join());
  return compiled.plan.rules;
})();
