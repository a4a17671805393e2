import assert from "node:assert/strict";
import { test } from "node:test";
import { fitsPath, matchesWildcard } from "#domain/wildcard.ts";

const patterns = ["app", "app*", "*app", "a*p", "*", "a*b*c", "**", "ab*ba"];
const texts = ["app", "apps", "snapp", "ap", "", "abc", "abcabc", "acb", "aba", "abba", "abxba"];

test("a star stands for any characters, and all of the text has to match", () => {
  for (const pattern of patterns) {
    const reference = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
    for (const text of texts) assert.equal(matchesWildcard(text, pattern), reference.test(text), `${pattern} ${text}`);
  }
});

test("a hostile name costs no more than its length", () => {
  assert.equal(matchesWildcard("a".repeat(100_000), `${"a*".repeat(1000)}b`), false);
});

test("a path fits name by name: no star stands for a slash", () => {
  const fitting = ["/a/b", "/a/b/", "/*/b", "/a/*", "/a*/b*"].filter((pattern) => fitsPath("/a/b", pattern));
  assert.deepEqual(fitting, ["/a/b", "/a/b/", "/*/b", "/a/*", "/a*/b*"]);
  for (const pattern of ["/a", "/a/b/c", "/a*", "/*", "/b/*", ""])
    assert.equal(fitsPath("/a/b", pattern), false, pattern);
});
