import { equal } from "node:assert/strict";
import { test } from "node:test";
import { blankOut } from "./blank-out.ts";

const cases: readonly { readonly claim: string; readonly source: string; readonly code: string }[] = [
  { claim: "a comment is no code", source: "a; // b\nc; /* d\ne */ f;", code: "a;     \nc;     \n     f;" },
  { claim: "a string is no code", source: `a("b // c", 'd');`, code: "a(        ,    );" },
  { claim: "a quote inside a string does not end it", source: '"a\\"b" + c', code: "       + c" },
  { claim: "a comment inside a template is text", source: "`// a` + b", code: "       + b" },
  { claim: "what a template computes is code", source: `\`a\${b({ c: 1 })}d\` + e`, code: "    b({ c: 1 })    + e" },
  { claim: "templates nest", source: `\`a\${\`b\${c}d\`}e\` + f`, code: "        c       + f" },
  { claim: "a regular expression is no code", source: 'a(/b\\/[/"]/g, c)', code: "a(          , c)" },
  { claim: "a division is code", source: 'a / b / c + "d"', code: "a / b / c +    " },
  { claim: "a dollar without a brace is text", source: "`$a $` + b", code: "       + b" },
];

for (const { claim, source, code } of cases) {
  test(claim, () => equal(blankOut(source).code, code));
}

test("without comments, strings are still there and nothing has moved", () => {
  equal(blankOut('a("b"); // c\nd;').uncommented, 'a("b");     \nd;');
});
