/** One folder of tests that run in the same way. */
export interface TestGroup {
  /** The folder below `test/`. */
  readonly name: string;
  /** What it proves, for the summary. */
  readonly proves: string;
  /** How many files run at a time: 1 where tests share the machine's memory, cgroups or load. */
  readonly atOnce: number;
  /** One file may take no longer, in seconds. */
  readonly timeout: number;
  /** True where nothing but a Linux kernel can be the subject. */
  readonly needsLinux: boolean;
}

const pure = { atOnce: 2, timeout: 60, needsLinux: false };
const live = { atOnce: 1, timeout: 300, needsLinux: true };

/** Every folder of tests, the quickest to fail first. */
export const testGroups: readonly TestGroup[] = [
  { name: "architecture", proves: "the layout and the import table hold", ...pure },
  { name: "types", proves: "units and declarations are refused by the compiler where they must be", ...pure },
  { name: "unit", proves: "each file keeps its claims", ...pure, timeout: 180 },
  { name: "property", proves: "the invariants hold for random machines", ...pure, timeout: 900 },
  { name: "fuzz", proves: "parsers meet any bytes", ...pure, timeout: 120 },
  { name: "golden", proves: "recorded input gives the reviewed answer", ...pure, timeout: 600 },
  { name: "contract", proves: "every machine keeps the promise of the port", ...live, needsLinux: false },
  { name: "conformance", proves: "we judge as the kernel that runs us judges", ...live },
  { name: "e2e", proves: "the shipped program does it on this kernel", ...live },
];
