import { deepEqual, notDeepEqual, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import { allowNone, readSources, sourceFile } from "./source-file.ts";
import { checkText, textRules } from "./text-rules.ts";

const sources = readSources();

for (const rule of textRules) {
  describe(rule.claim, () => {
    test("in every file that ships", () => allowNone(sources.flatMap((file) => checkText(file, rule))));

    for (const text of rule.bad) {
      test(`refuses: ${text}`, () => notDeepEqual(checkText(sourceFile("src/engine/a.ts", text), rule), []));
    }
    for (const text of rule.good) {
      test(`allows: ${text}`, () => deepEqual(checkText(sourceFile("src/engine/a.ts", text), rule), []));
    }
    for (const place of Object.keys(rule.except)) {
      test(`the exception for ${place} is of use`, (t) => {
        const excepted = sources.filter(({ path }) => path.startsWith(place));
        if (excepted.length === 0) return t.skip(`${place} holds no file yet`);
        const found = excepted.flatMap((file) => checkText(file, { ...rule, except: {} }));
        return ok(found.length > 0, `nothing in ${place} needs it: remove it`);
      });
    }
  });
}
