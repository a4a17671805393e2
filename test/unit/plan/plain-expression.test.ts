import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { readPlainExpression } from "#plan/plain-expression.ts";
import { matchSegments } from "#plan/segments.ts";
import { repositoryRoot } from "#test/support/repository.ts";

/** Few letters, so that texts and expressions meet. */
const words = fc.string({ unit: fc.constantFrom("a", "b", "/", "\\.", "-"), maxLength: 4 });
const lists = fc.letrec<{ sequence: string; group: string }>((tie) => ({
  sequence: fc
    .array(fc.oneof({ maxDepth: 3, depthIdentifier: "list" }, words, fc.constantFrom(".*", "/[^/]*"), tie("group")), {
      maxLength: 4,
    })
    .map((items) => items.join("")),
  group: fc
    .tuple(fc.array(tie("sequence"), { minLength: 1, maxLength: 3 }), fc.constantFrom("", "?"))
    .map(([alternatives, end]) => `(${alternatives.join("|")})${end}`),
})).sequence;
const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "-", "\n"), maxLength: 12 }), {
  minLength: 20,
  maxLength: 20,
});

describe("an expression that only lists paths", () => {
  it("matches what RE2 says it matches, whatever the list and the text", () => {
    let compared = 0;
    fc.assert(
      fc.property(lists, texts, (list, asked) => {
        const expression = `^${list}$`;
        const matches = readPlainExpression(expression)?.matches;
        if (matches === undefined) return;
        const oracle = RE2JS.compile(expression);
        for (const text of asked) assert.equal(matches(text), oracle.test(text), JSON.stringify([expression, text]));
        compared += 1;
      }),
      { numRuns: 1500 },
    );
    assert.ok(compared > 300, `only ${compared} were lists`);
  });

  const plain = (expression: string) =>
    readPlainExpression(expression)?.matches ?? assert.fail(`${expression} needs an engine`);

  it("knows a program by the beginning of its name, in any directory below another", () => {
    const matches = plain("^/(usr|nix/store)/.*/(sshd[^/]*|Xorg)$");
    for (const path of ["/usr/sbin/sshd", "/usr/lib/openssh/sshd-session", "/nix/store/x/bin/Xorg"])
      assert.ok(matches(path), path);
    for (const path of ["/home/usr/bin/sshd", "/usr/bin/Xorg2", "/usr/lib/sshd/hog", "/usr/Xorg", "/usr/bin/\nXorg"])
      assert.ok(!matches(path), path);
  });

  it("is one without any other repetition, class or flag, and not too long a list", () => {
    const others = [
      "a",
      "^a",
      "a$",
      "^a|b$",
      "^a+$",
      "^a?$",
      "^(a)*$",
      "^[ab]$",
      "^(?i)a$",
      "^.$",
      "^a\\$",
      "^(a$",
      "^a)$",
      "^\\d$",
    ];
    for (const expression of [...others, "^[^/]*$", "^/[^/]*a$", "^a{2}$", `^${"(a|b)".repeat(9)}$`])
      assert.equal(readPlainExpression(expression), undefined, expression);
  });
});

describe("the presets", () => {
  it("need no engine for expressions: a daemon that has only their rules holds none", () => {
    const folder = join(repositoryRoot, "policies/presets");
    const written = readdirSync(folder).flatMap((name) =>
      Array.from(readFileSync(join(folder, name), "utf8").matchAll(/'\/(.*)\/'/g), ([, expression = ""]) => expression),
    );
    assert.ok(written.length > 1);
    for (const expression of written) assert.ok(readPlainExpression(expression), expression);
  });
});

describe("texts with anything between them", () => {
  it("match as RE2 says, also where they could overlap", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 4 }),
        fc.array(letters, { maxLength: 5 }),
        (segments, parts) => {
          const text = parts.join("");
          assert.equal(matchSegments(segments, text), RE2JS.compile(`\\A${segments.join(".*")}\\z`).test(text));
        },
      ),
      { numRuns: 3000 },
    );
  });
});
