import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Parsed, parseDocument, parseOverride, placeOfValue } from "#config/document.ts";
import { textAt } from "#config/source-text.ts";

const tableOf = (parsed: Parsed) => (parsed.kind === "document" ? JSON.stringify(parsed.document.table) : "refused");

describe("an override", () => {
  it("is TOML where it is TOML, and a text where it is a bare word", () => {
    assert.equal(tableOf(parseOverride("a=1")), '{"a":1}');
    assert.equal(tableOf(parseOverride("a=true")), '{"a":true}');
    assert.equal(tableOf(parseOverride("a='x'")), '{"a":"x"}');
    assert.equal(tableOf(parseOverride("a.b=[1]")), '{"a":{"b":[1]}}');
    assert.equal(tableOf(parseOverride("a.b=8%")), '{"a":{"b":"8%"}}');
    assert.equal(tableOf(parseOverride("a=x")), '{"a":"x"}');
    assert.equal(tableOf(parseOverride("a= b=c ")), '{"a":"b=c"}');
    assert.equal(tableOf(parseOverride('a=\\d"')), '{"a":"\\\\d\\""}');
  });

  it("that opens a quote or a bracket is held to TOML", () => {
    for (const text of ['a="x', "a=[1", "a={b", "a='"]) assert.equal(tableOf(parseOverride(text)), "refused", text);
  });

  it("without a value or with a key that is none is refused", () => {
    for (const text of ["", "a", "a=", "a= ", "=x", "a b=x", ".=x"]) {
      assert.equal(tableOf(parseOverride(text)), "refused", text);
    }
  });

  it("is located where it stands on the command line", () => {
    for (const [text, word] of [
      ["a.b=8%", "8%"],
      ["a.b=x", "x"],
      ["a.b=12ab", "12ab"],
    ] as const) {
      const parsed = parseOverride(text);
      assert.ok(parsed.kind === "document");
      assert.equal(textAt(placeOfValue(parsed.document, ["a", "b"])), word);
    }
  });
});

describe("a file", () => {
  it("that is no TOML is refused where the parser stopped", () => {
    const parsed = parseDocument({ path: "t.toml", text: "a = 1\r\nb = 2 c\r\n" });
    assert.ok(parsed.kind === "refused");
    assert.equal(textAt(parsed.problem.place), "c");
  });
});
