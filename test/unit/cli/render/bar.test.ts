import assert from "node:assert/strict";
import { test } from "node:test";
import { renderBar } from "#cli/render/bar.ts";

test("a bar is filled as far as the share says", () => {
  assert.equal(renderBar({ value: 50, most: 100, width: 10 }), "[#####-----]");
});

test("a little is never shown as nothing, nor almost all as all", () => {
  assert.equal(renderBar({ value: 0, most: 100, width: 10 }), "[----------]");
  assert.equal(renderBar({ value: 0.01, most: 100, width: 10 }), "[#---------]");
  assert.equal(renderBar({ value: 99.99, most: 100, width: 10 }), "[#########-]");
  assert.equal(renderBar({ value: 100, most: 100, width: 10 }), "[##########]");
});

test("marks stand in their order, even where they fall on one place", () => {
  const marks = [
    { letter: "h", at: 12 },
    { letter: "m", at: 10 },
    { letter: "l", at: 11 },
  ];
  assert.equal(renderBar({ value: 100, most: 100, width: 10, marks }), "[#mlh######]");
});

test("a mark beyond the bar stands at its end, and of two there one is left out", () => {
  const marks = [
    { letter: "l", at: 300 },
    { letter: "h", at: 400 },
  ];
  assert.equal(renderBar({ value: 100, most: 100, width: 4, marks }), "[###l]");
});

test("a bar of nothing is empty", () => {
  assert.equal(renderBar({ value: 0, most: 0, width: 4 }), "[----]");
});
