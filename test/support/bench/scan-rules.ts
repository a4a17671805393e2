/** What a rule of each kind asks for, so that nobody who sleeps is meant. */
const conditions = [
  (n: number) => `name = "absent-${n}-*"`,
  (n: number) => `exe = '/^/(usr|opt|nix/store)/.*/(absent-${n}|missing-${n}[a-z-]*)$/'`,
  (n: number) => `cmdline = '/--type=(renderer|utility)-${n}( |$)/'`,
  (n: number) => `cgroup = "/user.slice/user-${n}.slice/*"`,
  (n: number) => `uid = ${70_000 + n}`,
];

const verdicts = ["never", "avoid", "prefer"];

/** Settings with so many rules, of all kinds in turn; every one of them has to be asked about every process. */
export function settingsWithRules(count: number): string {
  const rules = Array.from({ length: count }, (_, n) => {
    const condition = conditions[n % conditions.length]?.(n);
    return `[[rule]]\nverdict = "${verdicts[n % verdicts.length]}"\n${condition}\n`;
  });
  return ['preset = "none"\n', ...rules].join("\n");
}
