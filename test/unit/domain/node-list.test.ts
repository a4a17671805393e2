import assert from "node:assert/strict";
import { test } from "node:test";
import { describeNodes, haveCommonNode, includesNode, type NodeList, nodeList } from "#domain/node-list.ts";

const list = (...ranges: readonly (readonly [number, number])[]): NodeList =>
  ranges.map(([first, last]) => ({ first, last }));

test("a range holds both its ends and nothing beyond", () => {
  const nodes = list([1, 2], [5, 5]);
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6].filter((node) => includesNode(nodes, node)),
    [1, 2, 5],
  );
});

test("lists have a node in common exactly when one range reaches into another", () => {
  assert.equal(haveCommonNode(list([0, 1]), list([1, 3])), true);
  assert.equal(haveCommonNode(list([0, 9]), list([4, 4])), true);
  assert.equal(haveCommonNode(list([0, 1], [8, 9]), list([2, 7])), false);
  assert.equal(haveCommonNode(list([0, 1]), list()), false);
});

test("a set becomes ranges, whatever its order, and is written as the kernel writes it", () => {
  assert.equal(describeNodes(nodeList(new Set([10, 3, 1, 0, 2]))), "0-3,10");
  assert.equal(describeNodes(nodeList(new Set())), "");
});
