import { signals } from "#domain/decision.ts";
import { milliseconds, seconds } from "#domain/units.ts";
import { type KillManner, wantedUnits } from "#engine/kill-manner.ts";
import type { RuleVerdict } from "#engine/rule.ts";
import { placeOfKey, placeOfValue, type Table } from "./document.ts";
import { duration } from "./duration.ts";
import { command } from "./giver-values.ts";
import type { TomlPath } from "./locate.ts";
import { problem } from "./problem.ts";
import { excerpt } from "./settle.ts";
import type { Reading } from "./table-list.ts";
import { choice, type ValueType } from "./value-type.ts";

/** What a rule may say of how a victim goes, and what it is called by the engine. */
const mannerKeys: Readonly<Record<string, { readonly type: ValueType<unknown>; readonly name: keyof KillManner }>> = {
  signal: { type: choice(signals), name: "signal" },
  grace: { type: duration([milliseconds(0), seconds(300)]), name: "grace" },
  run: { type: command, name: "run" },
  kill_unit: { type: choice(wantedUnits), name: "unit" },
};

/** Whether a key says how a victim goes. */
export const isMannerKey = (key: string): boolean => Object.hasOwn(mannerKeys, key);

/** A rule as it is written, and the verdict that was read of it. */
export interface JudgedTable {
  readonly path: TomlPath;
  readonly table: Table;
  readonly verdict: RuleVerdict;
}

/** How a rule wants its victims to go. Undefined: as the settings say. */
export function readManner(
  { document, problems }: Reading,
  { path, table, verdict }: JudgedTable,
): KillManner | undefined {
  const written = Object.entries(table).flatMap(([key, value]) => {
    const manner = Object.hasOwn(mannerKeys, key) ? mannerKeys[key] : undefined;
    return manner === undefined ? [] : [{ key, value, ...manner }];
  });
  if (written.length === 0) return undefined;
  if (verdict === "never") {
    const { key = "" } = written[0] ?? {};
    const message = `Cannot use ${key} in a never rule: whoever it matches is not killed; remove it`;
    problems.push(problem(placeOfKey(document, [...path, key]), message));
  }
  const read = written.flatMap(({ key, value, type, name }) => {
    const answer = type.read(value);
    if (answer.kind === "value") return [[name, answer.value]];
    const place = placeOfValue(document, [...path, key]);
    problems.push(problem(place, `Cannot set rule.${key} to ${excerpt(place)}: ${answer.found}; ${answer.wanted}`));
    return [];
  });
  const manner: KillManner = Object.fromEntries(read);
  if (manner.run !== undefined && manner.grace === milliseconds(0)) {
    const message = "Cannot use run with a grace of 0: the program would have no time; write a grace, or remove run";
    problems.push(problem(placeOfKey(document, [...path, "run"]), message));
  }
  return manner;
}
