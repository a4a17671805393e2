import { deepEqual, equal, throws } from "node:assert/strict";
import { describe, test } from "node:test";
import { chooseCount, chooseGuards, chooseSeries, chooseStories, guestOptions } from "#test/vm/choices.ts";
import { vmGuards } from "#test/vm/guards.ts";
import { storyNames } from "#test/vm/story.ts";

const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

describe("what is chosen for guests", () => {
  test("are guards by their whole names, in the order they are asked for", () => {
    deepEqual(namesOf(chooseGuards(["kernel", "tidemark"])), ["kernel", "tidemark"]);
    deepEqual(namesOf(chooseGuards(namesOf(vmGuards))), namesOf(vmGuards));
    throws(() => chooseGuards(["tide"]), /^RangeError: Cannot play under "tide": choose among tidemark, /);
  });

  test("is a kernel of the list, of which the default is one", () => {
    equal(chooseSeries(guestOptions.kernel.default), guestOptions.kernel.default);
    throws(() => chooseSeries("2.4"), /^RangeError: Cannot boot Linux "2.4": choose among /);
  });

  test("are stories by how their names begin, each once, and all where none is named", () => {
    deepEqual(namesOf(chooseStories([])), storyNames());
    deepEqual(namesOf(chooseStories(["two-hogs", "fast-hog-z", "two"])), ["two-hogs", "fast-hog-zram"]);
    throws(
      () => chooseStories(["two-hogs", "nothing"]),
      /^RangeError: Cannot play "nothing…": choose among busy-build, /,
    );
  });

  test("is how many as a whole number above nothing", () => {
    equal(chooseCount("runs", "3"), 3);
    for (const text of ["0", "-1", "1.5", "two", ""]) throws(() => chooseCount("runs", text), /Cannot take --runs/);
  });
});
