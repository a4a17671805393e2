import { equal, throws } from "node:assert/strict";
import { test } from "node:test";
import { inheritedFd } from "#native-bindings/file.ts";

test("a process is started with three descriptors, and with no others", () => {
  for (const fd of [0, 1, 2]) equal(inheritedFd(fd), fd);
  for (const wrong of [-1, 3, 0.5, Number.NaN])
    throws(() => inheritedFd(wrong), { name: "RangeError", message: /0, 1 or 2/ });
});
