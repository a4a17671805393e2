import { policies } from "#policies/catalogue.ts";
import { type Document, type Parsed, parseDocument, parseOverride } from "./document.ts";
import { readGivers } from "./givers.ts";
import { readMemcgs, type WrittenMemcg } from "./memcgs.ts";
import { listWords, nearestWord } from "./nearest.ts";
import { type Problem, problem } from "./problem.ts";
import { adviseOnPairs } from "./rule-advice.ts";
import type { Users } from "./rule-conditions.ts";
import { readRules } from "./rules.ts";
import { type Config, schema, settingName } from "./schema.ts";
import { excerpt, type SettledSettings, settle } from "./settle.ts";
import { describePlace, type Place, type SourceText } from "./source-text.ts";
import type { WrittenGiver } from "./written-giver.ts";
import type { WrittenRule } from "./written-rule.ts";

/** Everything that can have a say, the weakest first: a preset, then files in their order, then the command line. */
export interface Sources {
  /** The texts of `policies/presets/*.toml`, by their names without the ending. */
  readonly presets: Readonly<Record<string, string>>;
  /** The main file, then its drop-ins by name. A later file wins, key by key; its rules are added. */
  readonly files: readonly SourceText[];
  /** `key=value`, as given with `--set`. */
  readonly overrides: readonly string[];
  /** The users whom they name, as far as there are such. Absent: nobody looked. */
  readonly users?: Users;
}

/** All that was understood, and all that was not: nothing stops at the first mistake. */
export interface Loaded {
  /** With the default in place of each value that was refused. */
  readonly config: Config;
  readonly rules: readonly WrittenRule[];
  /** In the order in which they are asked. */
  readonly givers: readonly WrittenGiver[];
  /** The first that fits is the one that counts. */
  readonly memcgs: readonly WrittenMemcg[];
  readonly settled: SettledSettings;
  readonly problems: readonly Problem[];
  /** False: a text is no TOML, so what it would have set is unknown. */
  readonly isComplete: boolean;
}

/** The preset that is none. */
export const noPreset = "none";

/** Reads a config from its texts. Never throws, whatever they hold. */
export function loadConfig({ presets, files, overrides, users = {} }: Sources): Loaded {
  const written = split([...files.map(parseDocument), ...overrides.map(parseOverride)]);
  const preset = findPreset(presets, settle(written.documents).settled);
  const documents = [...preset.documents, ...written.documents];
  const { settled, problems } = settle(documents);
  const rules = readRules(documents, users);
  const givers = readGivers(documents);
  const memcgs = readMemcgs(documents);
  return {
    config: configOf(settled),
    rules: rules.rules,
    givers: givers.givers,
    memcgs: memcgs.memcgs,
    settled,
    problems: [
      ...written.problems,
      ...preset.problems,
      ...problems,
      ...rules.problems,
      ...givers.problems,
      ...memcgs.problems,
      ...adviseOnPairs(rules.rules),
      ...checkPolicy(settled),
      ...checkPacing(settled),
    ],
    isComplete: written.problems.length === 0 && preset.problems.length === 0,
  };
}

function split(parsed: readonly Parsed[]): {
  readonly documents: readonly Document[];
  readonly problems: readonly Problem[];
} {
  return {
    documents: parsed.flatMap((each) => (each.kind === "document" ? [each.document] : [])),
    problems: parsed.flatMap((each) => (each.kind === "refused" ? [each.problem] : [])),
  };
}

function findPreset(presets: Sources["presets"], settled: SettledSettings): ReturnType<typeof split> {
  const chosen = settled.get("preset");
  const name = String(chosen?.value);
  if (name === noPreset) return split([]);
  const text = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (text !== undefined) return split([parseDocument({ path: `preset ${name}`, text })]);
  const known = [...Object.keys(presets), noPreset];
  return { documents: [], problems: [refuseName({ setting: "preset", name, known }, chosen?.place)] };
}

const configOf = (settled: SettledSettings): Config =>
  Object.fromEntries(
    Object.entries(schema).map(([section, { settings }]) => [
      section,
      Object.fromEntries(Object.keys(settings).map((key) => [key, settled.get(settingName(section, key))?.value])),
    ]),
  ) as Config;

interface Unknown {
  readonly setting: string;
  readonly name: string;
  readonly known: readonly string[];
}

function refuseName({ setting, name, known }: Unknown, place: Place | undefined): Problem {
  const nearest = nearestWord(name, known);
  const wanted = nearest === undefined ? `write one of ${listWords(known)}` : `write "${nearest}"`;
  const nowhere = { source: { path: "defaults", text: `${setting} = "${name}"` }, span: { start: 0, end: 0 } };
  const at = place ?? nowhere;
  return problem(at, `Cannot set ${setting} to "${name}": there is no such ${setting.split(".")[0]}; ${wanted}`);
}

function checkPolicy(settled: SettledSettings): readonly Problem[] {
  const chosen = settled.get("policy.name");
  const known = policies.map((policy) => policy.name);
  if (chosen === undefined || chosen.isRefused || known.includes(String(chosen.value))) return [];
  return [refuseName({ setting: "policy.name", name: String(chosen.value), known }, chosen.place)];
}

function checkPacing(settled: SettledSettings): readonly Problem[] {
  const pairs = [
    ["pacing.tight", "pacing.near"],
    ["pacing.near", "pacing.calm"],
  ] as const;
  return pairs.flatMap(([shorter, longer]) => checkOrder(settled, shorter, longer));
}

/** Refuses a wait that is longer than the one it should be within. */
function checkOrder(settled: SettledSettings, shorter: string, longer: string): readonly Problem[] {
  const [low, high] = [settled.get(shorter), settled.get(longer)];
  if (low === undefined || high === undefined || low.isRefused || high.isRefused) return [];
  if (Number(low.value) <= Number(high.value)) return [];
  const [place, name, relation, other, otherName] =
    low.place === undefined ? [high.place, longer, "below", low, shorter] : [low.place, shorter, "above", high, longer];
  if (place === undefined) return [];
  const origin = other.place === undefined ? "the default" : describePlace(other.place);
  const bound = other.setting.type.show(other.value);
  const message = `Cannot set ${name} to ${excerpt(place)}: it is ${relation} ${otherName}, ${bound} (${origin})`;
  const wanted = relation === "below" ? `write ${bound} or more` : `write ${bound} or less`;
  return [problem(place, `${message}; ${wanted}, or change ${otherName}`)];
}
