import { type Breach, placeOf, type SourceFile } from "./source-file.ts";

/** Something that must not be written, with what proves that the rule sees it. */
export interface TextRule {
  readonly claim: string;
  readonly refuses: RegExp;
  /** `code` looks at code alone, `uncommented` at texts as well. */
  readonly in: "code" | "uncommented";
  /** Paths, or folders ending in `/`, that may write it, each with the reason. */
  readonly except: Readonly<Record<string, string>>;
  readonly bad: readonly string[];
  readonly good: readonly string[];
}

const shell = { "src/daemon/": "the shell reads the world", "src/cli/": "the shell reads the world" };

export const textRules: readonly TextRule[] = [
  {
    claim: "only native-bindings and linux know the kernel's paths",
    refuses: /(?<![\w.])\/(?:proc|sys)\b(?!\.)/g,
    in: "uncommented",
    except: {
      "native-bindings/": "knows the kernel's calls",
      "src/linux/": "knows the kernel's paths",
    },
    bad: [`open("/proc/meminfo")`, "`/sys/fs/cgroup`", `advice: "see /proc/sys/vm"`],
    good: [`"/system.slice"`, "// /proc/meminfo", `"src/procfs"`],
  },
  {
    claim: "an errno or syscall number is written in its table only",
    refuses: /\berrno\w*\s*(?:[!=]==?|[<>]=?)\s*-?\d|\bsyscall\w*\(\s*\d/gi,
    in: "code",
    except: {},
    bad: ["if (errno === 13) return", "errno == 3", "syscall(424, 1)", "lastErrno() // x\nerrno !== 1"],
    good: [`errno === "EPERM"`, "// errno === 13", "syscall(numbers.pidfdOpen, 1)"],
  },
  {
    claim: "no clock, no chance, no environment and no console below the daemon",
    refuses:
      /\bDate\s*\.\s*now\b|\bnew\s+Date\b(?!\(\w)|\bMath\s*\.\s*random\b|\bprocess\s*\.\s*env\b|\bconsole\s*\.\s*\w/g,
    in: "code",
    except: shell,
    bad: ["Date.now()", "new Date()", "Math.random()", "process.env.HOME", "console.error(1)"],
    good: [`"Date.now()"`, "new Date(milliseconds)", "snapshot.takenAt", "// Math.random()"],
  },
  {
    claim: "a type is asserted only where untyped or unbranded values come in",
    refuses: /\bas\s+(?!const\b)[\w{([]/g,
    in: "code",
    except: {
      "src/domain/units.ts": "makes the brands of quantities",
      "src/domain/identity.ts": "makes the brand of keys",
      "src/engine/define-policy.ts": "Object.fromEntries forgets the keys",
      "src/config/detector-options.ts": "the schema forgets the types of values",
      "src/daemon/handover.ts": "a letter is from another process of ours, of the same release",
      "src/plan/bind-plan.ts": "a recipe is plain data: the schema has proven its values",
      "src/config/load.ts": "Object.fromEntries forgets the keys",
      "src/procfs/": "parsers make quantities of bytes",
      "native-bindings/": "koffi gives any",
      "src/recorded/conceal.ts": "names become other names, the rest stays as it is",
    },
    bad: ["x as KiB", "(x as { a: 1 })", "<T>(x as T)"],
    good: [
      "[1] as const",
      `import * as units from "#domain/units.ts";`,
      `export { a as b } from "./a.ts";`,
      `"as Pid"`,
    ],
  },
  {
    claim: "any is never written: what koffi gives is unknown until it is checked",
    refuses: /\bany\b/g,
    in: "code",
    except: {},
    bad: ["x: any", "Array<any>", "any[]"],
    good: ["// any", `"any"`, "x: unknown", "anyone"],
  },
  {
    claim: "a module has no state: no let at its top",
    refuses: /^(?:export )?(?:let|var)\b/gm,
    in: "code",
    except: {},
    bad: ["let count = 0;", "export let count = 0;"],
    good: ["function f() {\n  let count = 0;\n}", "const letter = 1;"],
  },
  {
    claim: "nobody ends the process in the middle of something: it ends when nothing is left to do",
    refuses: /\bprocess\s*\.\s*(?:exit|abort|reallyExit|kill)\b/g,
    in: "code",
    except: {
      "src/cli/command-line.ts": "its last statement: signals that come later must not change how it ended",
      "src/cli/daemon-main.ts": "likewise: it takes the place of the other",
    },
    bad: ["process.exit(1)", "process.abort()", "process.kill(pid)"],
    good: ["process.exitCode = 1", "// process.exit(1)"],
  },
  {
    claim: "there is no default export",
    refuses: /^export (?:default\b|=)|\bas default\b/gm,
    in: "code",
    except: {},
    bad: ["export default 1;", "export { a as default };"],
    good: ["export const a = 1;", `const a = "export default";`],
  },
  {
    claim: "memory and shares are converted in units.ts only",
    refuses:
      /[*/]\s*(?:1024|1_024|100)\b(?![.])|(?<!\b(?:bytes|kib|mib|pages)\()\b4_?096\b|\b2\s*\*\*\s*[123]0\b|<<\s*10\b|>>>?\s*10\b/g,
    in: "code",
    except: {
      "src/domain/units.ts": "is the place",
      "src/procfs/": "parsers bring what the kernel prints into our units",
      "src/simulated/psi.ts": "mirrors the kernel's fixed-point averages",
      "src/linux/process-files.ts": "begins with a buffer of one page, which grows",
      "native-bindings/": "holds the constants of C headers",
    },
    bad: ["n * 1024", "n / 1024", "pages * 4096", "share / 100", "n << 10", "256 * 2 ** 10"],
    good: ["mib(4096)", "// n * 1024", "100", "n * 10"],
  },
];

/** Import and export clauses rename with `as`, which asserts nothing. */
const renaming = /\b(?:import|export)\s+(?:type\s+)?(?:\*|\{[^}]*\})(?:\s*as\s+(?!default)\w+)?(?=\s*(?:from|;))/g;

const withoutRenaming = (code: string): string =>
  code.replace(renaming, (clause) => (/\bas default\b/.test(clause) ? clause : clause.replace(/[^\n]/g, " ")));

const isExcepted = (path: string, rule: TextRule): boolean =>
  Object.keys(rule.except).some((place) => (place.endsWith("/") ? path.startsWith(place) : path === place));

/** Every place where a file writes what a rule refuses. */
export function checkText(file: SourceFile, rule: TextRule): readonly Breach[] {
  if (isExcepted(file.path, rule)) return [];
  const text = rule.in === "code" ? withoutRenaming(file.code) : file.uncommented;
  return [...text.matchAll(rule.refuses)].map((found) => ({ at: placeOf(file, found.index), what: found[0] }));
}
