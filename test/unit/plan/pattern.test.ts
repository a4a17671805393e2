import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pattern } from "#engine/rule.ts";
import { anyOf, compilePattern } from "#plan/pattern.ts";

function pattern(written: string): Pattern {
  const compiled = compilePattern(written);
  assert.equal(compiled.kind, "pattern", written);
  return compiled.kind === "pattern" ? compiled.pattern : assert.fail();
}

const matches = (written: string, text: string): boolean => pattern(written).matches(text);

describe("a glob", () => {
  it("speaks of the whole text, and case matters", () => {
    assert.ok(matches("make", "make"));
    for (const text of ["cmake", "maker", "Make", "make\n", ""]) assert.ok(!matches("make", text), text);
  });

  it("takes * for any characters, also none, a slash and a line end", () => {
    for (const text of ["fox", "firefox", "/usr/bin/\nfox"]) assert.ok(matches("*fox", text), text);
    assert.ok(matches("/usr/*/fox*", "/usr/lib/a/fox-1"));
    assert.ok(!matches("/usr/*/fox", "/usr/fox"));
  });

  it("takes ? for one character, which may take two UTF-16 units, and never for none", () => {
    assert.ok(matches("a?c", "abc"));
    assert.ok(matches("a?c", "a\u{1F98A}c"));
    assert.ok(matches("a?c", "a\u{FFFD}c"));
    assert.ok(!matches("a?c", "ac"));
    assert.ok(!matches("a?c", "abbc"));
  });

  it("has no other special character", () => {
    for (const text of ["a.b", "[ab]", "(a|b)", "a+", "^a$", "a\\b", "{a}", "$(rm)"]) {
      assert.ok(matches(text, text), text);
    }
    assert.ok(!matches("a.b", "axb"));
    assert.ok(!matches("[ab]", "a"));
    assert.ok(matches("/", "/"));
  });

  it("says what it could ever match", () => {
    const glob = (written: string) => {
      const compiled = compilePattern(written);
      return compiled.kind === "pattern" ? compiled.glob : undefined;
    };
    assert.deepEqual(glob("**"), { isEverything: true, leastBytes: 0, firstCharacter: undefined });
    assert.deepEqual(glob("/ä*?"), { isEverything: false, leastBytes: 4, firstCharacter: "/" });
    assert.deepEqual(glob("?a€\u{1F98A}"), { isEverything: false, leastBytes: 9, firstCharacter: undefined });
    assert.equal(glob("/a/"), undefined);
  });
});

describe("a regular expression", () => {
  it("stands between slashes and matches anywhere", () => {
    assert.ok(matches("/fire/", "my firefox"));
    assert.ok(matches("/^(?i)FIRE(fox)?$/", "firefox"));
    assert.ok(!matches("/^fire$/", "firefox"));
    assert.ok(matches("/a/b/", "xa/by"));
  });

  it("that is none is refused with the place of the mistake", () => {
    const offset = (written: string) => {
      const compiled = compilePattern(written);
      return compiled.kind === "refused" ? compiled.offset : undefined;
    };
    assert.equal(offset("/abc[z-a]/"), 5);
    assert.equal(offset("/a**/"), 2);
    assert.equal(offset("/a(b/"), 1);
    assert.equal(offset("//"), 0);
    assert.equal(offset(""), 0);
    assert.equal(offset(`/${"a".repeat(2000)}/`), 0);
  });

  it("has nothing that could take more than linear time", () => {
    for (const written of ["/(a)\\1/", "/(?=a)/", "/(?<!a)b/", "/(?>a)/", "/a*+/"]) {
      assert.equal(compilePattern(written).kind, "refused", written);
    }
  });
});

/** A backtracking matcher needs more steps than there are nanoseconds in a year: that these tests end is the proof. */
describe("a hostile text of a million characters", () => {
  const hostile = "a".repeat(1_000_000);

  it("cannot stop a glob", () => {
    assert.ok(!matches("*a*a*a*a*a*a*a*a*a*a*b", hostile));
    assert.ok(!matches("*a?a?a*a?a?a*a?a?a*b?", hostile));
  });

  it("cannot stop a regular expression", () => {
    assert.ok(!matches("/^(a|aa)+$/", `${hostile}b`));
    assert.ok(!matches("/(a*)*(a*)*(a*)*b/", hostile));
    assert.ok(!matches("/^(([a-z])+.)+[A-Z]([a-z])+$/", hostile));
  });
});

describe("a pattern that remembers", () => {
  it("answers the same for a text it has been asked about, has forgotten, and meets again", () => {
    const even = pattern("/[02468]$/");
    for (let round = 0; round < 3; round += 1) {
      for (let number = 0; number < 1500; number += 1) {
        for (const _again of [1, 2]) {
          assert.equal(even.matches(`process-${number}`), number % 2 === 0, String(number));
        }
      }
    }
  });
});

describe("several patterns", () => {
  it("match where one of them does, and are shown together", () => {
    const several = anyOf([pattern("make"), pattern("/^cc/")]);
    assert.ok(several.matches("make"));
    assert.ok(several.matches("cc1plus"));
    assert.ok(!several.matches("ninja"));
    assert.equal(several.source, "make | /^cc/");
  });
});
