import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { allowNone, type Breach, placeOf, readSources, type SourceFile, sourceFile } from "./source-file.ts";

const exported = /^export (?:declare )?(?:async )?(?:abstract )?(?:const|function\*?|class|interface|type) (\w+)/gm;

/** Exports without a TSDoc comment that ends on the line before. Overloads share the comment of the first. */
function undocumented(file: SourceFile): readonly Breach[] {
  const names = [...file.code.matchAll(exported)].map(({ index, 1: name = "" }) => ({ index, name }));
  return names
    .filter(({ name }, i) => name !== names[i - 1]?.name)
    .filter(({ index }) => !/\*\/\n$/.test(file.text.slice(0, index)))
    .map(({ index, name }) => ({ at: placeOf(file, index), what: name }));
}

const namesIn = (text: string) => undocumented(sourceFile("src/engine/a.ts", text)).map(({ what }) => what);

test("an export without a claim above it is found, whatever it is", () => {
  deepEqual(namesIn("export const a = 1;\nexport function b() {}\nexport interface C {}\nexport type D = 1;"), [
    "a",
    "b",
    "C",
    "D",
  ]);
  deepEqual(namesIn("/** Far above. */\n\nexport const a = 1;"), ["a"]);
  deepEqual(namesIn("// No TSDoc.\nexport const a = 1;"), ["a"]);
});

test("an export with a claim above it is not", () => {
  deepEqual(namesIn("/** One. */\nexport const a = 1;\n/**\n * Two.\n */\nexport class B {}\nconst internal = 1;"), []);
  deepEqual(namesIn("/** One. */\nexport function a(): 1;\nexport function a(): 2 {}"), []);
});

test("every export that ships says what it is", () => allowNone(readSources().flatMap(undocumented)));
