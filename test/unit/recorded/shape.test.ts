import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  aFlag,
  among,
  anAmount,
  aText,
  byKind,
  either,
  fieldsOf,
  insistOn,
  listOf,
  oneOf,
  perhaps,
  someOf,
} from "#recorded/shape.ts";

type Part =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "sizes"; readonly sizes: readonly number[] };
interface Whole {
  readonly parts: readonly Part[];
  readonly isDone: boolean;
  readonly note?: string;
}

const part = byKind<Part>({ word: { text: aText() }, sizes: { sizes: listOf(anAmount()) } });
const whole = fieldsOf<Whole>({ parts: listOf(part), isDone: aFlag, note: perhaps(aText()) });

const good = {
  parts: [
    { kind: "word", text: "a" },
    { kind: "sizes", sizes: [1, 2.5] },
  ],
  isDone: true,
};

/** What is said of a value; undefined: nothing. */
function said(value: unknown): string | undefined {
  try {
    assert.equal(insistOn(whole, value, "it"), value);
    return undefined;
  } catch (error) {
    return error instanceof TypeError ? error.message : assert.fail(String(error));
  }
}

describe("a shape", () => {
  it("takes what is of the type, absent and unknown fields included", () => {
    assert.equal(said(good), undefined);
    assert.equal(said({ ...good, note: "n", later: 1 }), undefined);
  });

  it("says of all else what is wrong first, and where", () => {
    assert.equal(said([]), "it is not an object");
    assert.equal(said({ ...good, isDone: 1 }), "it.isDone is not true or false");
    assert.equal(said({ ...good, note: 1 }), "it.note is not a text");
    assert.equal(said({ ...good, parts: {} }), "it.parts is not a list");
    const negative = [...good.parts, { kind: "sizes", sizes: [1, -1] }];
    assert.equal(said({ ...good, parts: negative }), "it.parts.2.sizes.1 is not a number of at least 0");
    const other = [{ kind: "constructor" }];
    assert.equal(said({ ...good, parts: other }), "it.parts.0 is not an object whose kind is one of word, sizes");
  });

  it("of words knows no others, be they properties of every object", () => {
    const word = oneOf<"a" | "b">({ a: "", b: "" });
    for (const each of ["a", "b"]) assert.ok(word(each, []));
    for (const each of ["c", "constructor", undefined, 1]) assert.ok(!word(each, []));
  });

  it("of either of two takes both, and of a list that needs one no empty one", () => {
    const size = either(among(["all"]), anAmount());
    for (const each of ["all", 0, 7]) assert.ok(size(each, []));
    for (const each of ["none", -1, Number.NaN, Number.POSITIVE_INFINITY, undefined]) assert.ok(!size(each, []));
    assert.ok(someOf(aText())(["a"], []));
    assert.ok(!someOf(aText())([], []));
  });
});
