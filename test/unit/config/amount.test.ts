import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { amount } from "#config/amount.ts";
import { gib, kib, mib, percent } from "#domain/units.ts";
import { resolveAmount } from "#plan/amount.ts";

const type = amount({ size: [mib(1), gib(64)], share: [percent(0.1), percent(75)] });

describe("an amount of memory", () => {
  it("is auto, a size, or a share", () => {
    assert.deepEqual(type.read("auto"), { kind: "value", value: { kind: "auto" } });
    assert.deepEqual(type.read("1GiB"), { kind: "value", value: { kind: "size", size: gib(1) } });
    assert.deepEqual(type.read("7.5%"), { kind: "value", value: { kind: "share", share: percent(7.5) } });
  });

  it("is never nothing, everything, negative or bare", () => {
    for (const written of ["0%", "99%", "140%", "-8%", "0MiB", "-1GiB", 8, "8", "Auto", "", true]) {
      assert.equal(type.read(written).kind, "refused", String(written));
    }
  });

  it("offers a share to whoever wrote a bare number that could be one", () => {
    const wanted = (written: number) => {
      const answer = type.read(written);
      return answer.kind === "refused" ? answer.wanted : undefined;
    };
    assert.equal(wanted(8), 'write "8MiB" or "8%"');
    assert.equal(wanted(512), 'write "512MiB"');
  });

  it("is a size once user memory is known; auto stays open", () => {
    assert.equal(resolveAmount({ kind: "share", share: percent(10) }, gib(10)), gib(1));
    assert.equal(resolveAmount({ kind: "size", size: kib(5) }, gib(10)), kib(5));
    assert.equal(resolveAmount({ kind: "auto" }, gib(10)), undefined);
  });

  it("shown can be read again", () => {
    for (const written of ["auto", "1.5GiB", "8%"]) {
      const answer = type.read(written);
      assert.equal(answer.kind === "value" ? type.show(answer.value) : undefined, `"${written}"`);
    }
  });
});
