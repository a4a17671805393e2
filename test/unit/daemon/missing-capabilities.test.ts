import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { missingCapabilities } from "#daemon/missing-capabilities.ts";
import { aMachine } from "#test/support/a-machine.ts";

describe("what an operator is told is missing", () => {
  const { capabilities } = aMachine().boot();

  it("is nothing on a machine that has everything", () => {
    assert.deepEqual(missingCapabilities(capabilities), []);
  });

  it("is each thing with what follows from it and what to do", () => {
    const told = missingCapabilities({ ...capabilities, canReadPrograms: false, hasPressure: false });
    assert.deepEqual(
      told.map(({ capability }) => capability),
      ["right to read what programs others run", "pressure stall information"],
    );
    assert.ok(told.every(({ consequence, advice }) => consequence !== "" && advice !== ""));
  });
});
