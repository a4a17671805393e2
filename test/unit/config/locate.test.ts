import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { locate, pathKey } from "#config/locate.ts";

/** What the locator says stands at a path: key and value, word for word. */
function at(text: string, ...path: readonly string[]): readonly string[] | undefined {
  const location = locate(text).get(pathKey(path));
  if (location === undefined) return undefined;
  return [location.key, location.value].map(({ start, end }) => text.slice(start, end));
}

describe("the locator", () => {
  it("finds a key and its value at the top, whatever spaces are around them", () => {
    assert.deepEqual(at("a=1", "a"), ["a", "1"]);
    assert.deepEqual(at('\r\n \t a \t=\t "x y"  # c\r\n', "a"), ["a", '"x y"']);
  });

  it("finds keys below a [section], a [nested.section] and a section with a comment", () => {
    const text = "[a] # one\nx = 1\n[ a . 'b c' ]\ny = 2 # two\n";
    assert.deepEqual(at(text, "a", "x"), ["x", "1"]);
    assert.deepEqual(at(text, "a", "b c", "y"), ["y", "2"]);
    assert.deepEqual(at(text, "a", "b c"), ["'b c'", "'b c'"]);
  });

  it("finds every step of a dotted key", () => {
    const text = 'a."b".c = true';
    assert.deepEqual(at(text, "a", "b", "c"), ["c", "true"]);
    assert.deepEqual(at(text, "a"), ["a", "true"]);
  });

  it("knows a key by what its quotes mean", () => {
    assert.deepEqual(at('"a\\u0062" = 1', "ab"), ['"a\\u0062"', "1"]);
    assert.deepEqual(at('"a.b=c]" = 1', "a.b=c]"), ['"a.b=c]"', "1"]);
  });

  it("numbers the tables of a list, and takes [list.table] for a part of the last", () => {
    const text = "[[r]]\nx = 1\n[[r]]\nx = 2\n[r.s]\ny = 3\n[[r.t]]\nz = 4\n";
    assert.deepEqual(at(text, "r", "0", "x"), ["x", "1"]);
    assert.deepEqual(at(text, "r", "1", "x"), ["x", "2"]);
    assert.deepEqual(at(text, "r", "1", "s", "y"), ["y", "3"]);
    assert.deepEqual(at(text, "r", "1", "t", "0", "z"), ["z", "4"]);
    assert.deepEqual(at(text, "r"), ["r", "r"]);
  });

  it("finds what is inside lists and inline tables, over lines and comments", () => {
    const text = 'a = [ "x", # ]\n  [1, 2],\n  { b = 3, "c" = [4] }, ]\nd = 5';
    assert.deepEqual(at(text, "a", "0"), ['"x"', '"x"']);
    assert.deepEqual(at(text, "a", "1", "1"), ["2", "2"]);
    assert.deepEqual(at(text, "a", "2", "b"), ["b", "3"]);
    assert.deepEqual(at(text, "a", "2", "c", "0"), ["4", "4"]);
    assert.deepEqual(at(text, "d"), ["d", "5"]);
  });

  it("is not fooled by brackets, quotes, hashes and line ends inside texts", () => {
    for (const value of [`"a ] # \\" b"`, `'a \\'`, `"""x\n"" ] [y]\n\\""""`, `'''x''\n[z]'''`, `""""a"""""`, `""`]) {
      const text = `k = ${value}\nnext = 1`;
      assert.deepEqual(at(text, "k"), ["k", value]);
      assert.deepEqual(at(text, "next"), ["next", "1"]);
    }
  });

  it("keeps the space of a date", () => {
    assert.deepEqual(at("d = 1979-05-27 07:32:00 # c\n", "d"), ["d", "1979-05-27 07:32:00"]);
  });

  it("ends on a text that is no TOML", () => {
    for (const text of ["[", "[[", "=", "a", "a=", 'a="', "a=[", "a={", "a={b", "a.", "]", "'''", ",", "}{"]) {
      assert.ok(locate(text) instanceof Map, text);
    }
  });
});
