import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { renderProblems } from "#config/diagnostics.ts";
import { problem } from "#config/problem.ts";

/** Renders a problem with the text between the brackets ⟦ and ⟧. */
function render(marked: string, message = "Cannot do it: no"): readonly string[] {
  const [before = "", inside = "", after = ""] = marked.split(/[⟦⟧]/);
  const source = { path: "t.toml", text: before + inside + after };
  const span = { start: before.length, end: before.length + inside.length };
  return renderProblems([problem({ source, span }, message)]).split("\n");
}

describe("a diagnostic", () => {
  it("has the line, the column and a mark under the place", () => {
    assert.deepEqual(render("a = 1\nbb = ⟦12⟧ # c\n"), [
      "t.toml:2:6: error: Cannot do it: no",
      "  2 | bb = 12 # c",
      "    |      ^~",
      "",
    ]);
  });

  it("marks at least one character, also at the end of the text", () => {
    assert.deepEqual(render("a =⟦⟧").slice(1, 3), ["  1 | a =", "    |    ^"]);
    assert.deepEqual(render("⟦⟧").slice(1, 3), ["  1 |", "    | ^"]);
  });

  it("marks the first line of what spans several, and drops carriage returns", () => {
    assert.deepEqual(render("a = ⟦[\r\n1,\r\n]⟧\r\n").slice(1, 3), ["  1 | a = [", "    |     ^"]);
  });

  it("counts characters, not UTF-16 units", () => {
    assert.deepEqual(render("\u{1F98A} = ⟦1⟧").slice(0, 3), [
      "t.toml:1:5: error: Cannot do it: no",
      "  1 | \u{1F98A} = 1",
      "    |     ^",
    ]);
  });

  it("shows control and invisible characters as one visible one", () => {
    const [head, line, mark] = render("\t\u202e\u001b[31m = ⟦1⟧", "Cannot use \u001b[31m: no");
    assert.equal(head, "t.toml:1:11: error: Cannot use \u{FFFD}[31m: no");
    assert.equal(line, "  1 |  \u{FFFD}\u{FFFD}[31m = 1");
    assert.equal(mark, "    |           ^");
  });

  it("has no line above 100 columns, and the mark is in view", () => {
    for (const length of [0, 10, 60, 88, 94, 95, 200, 5000]) {
      for (const marked of [1, 12, 500]) {
        const lines = render(`${"x".repeat(length)}⟦${"y".repeat(marked)}⟧${"z".repeat(300)}`, "word ".repeat(90));
        for (const line of lines) assert.ok(line.length <= 100, `${line.length}: ${line}`);
        const [quoted = "", mark = ""] = lines.slice(-3);
        assert.equal(quoted[mark.indexOf("^")], "y", `${length} ${marked}`);
      }
    }
  });
});
