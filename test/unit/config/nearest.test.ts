import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listWords, nearestWord } from "#config/nearest.ts";

const known = ["term_grace", "reap_grace", "budget", "low"];

describe("the nearest word", () => {
  it("is found through a typing mistake and through another style", () => {
    for (const written of ["term_grase", "termgrace", "termGrace", "term-grace", "TERM_GRACE"]) {
      assert.equal(nearestWord(written, known), "term_grace", written);
    }
    assert.equal(nearestWord("lwo", known), "low");
  });

  it("is not guessed where nothing is near", () => {
    assert.equal(nearestWord("destination", known), undefined);
    assert.equal(nearestWord("", []), undefined);
  });
});

describe("a list of words", () => {
  it("reads like a sentence", () => {
    assert.equal(listWords([]), "");
    assert.equal(listWords(["a"]), '"a"');
    assert.equal(listWords(["a", "b"]), '"a" and "b"');
    assert.equal(listWords(["a", "b", "c"]), '"a", "b" and "c"');
  });
});
