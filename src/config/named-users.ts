import { type Document, isTable, parseDocument, parseOverride } from "./document.ts";
import type { Sources } from "./load.ts";
import { ruleListKey } from "./settle.ts";

/** Most settings name nobody, and need not be read twice. */
const mayName = /\buser\b[\s"']*=/;

/** The users whom rules name: who they are, only this machine can tell. */
export function namedUsers({ files, overrides }: Pick<Sources, "files" | "overrides">): readonly string[] {
  const texts = [...files.map(({ text }) => text), ...overrides];
  if (!texts.some((text) => mayName.test(text))) return [];
  const parsed = [...files.map(parseDocument), ...overrides.map(parseOverride)];
  return parsed.flatMap((each) => (each.kind === "document" ? namedIn(each.document) : []));
}

function namedIn({ table }: Document): readonly string[] {
  const rules: readonly unknown[] = [table[ruleListKey]].flat();
  return rules
    .filter(isTable)
    .flatMap((rule) => rule["user"])
    .filter((name) => typeof name === "string");
}
