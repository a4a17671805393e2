import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSize, showSize, size } from "#config/size.ts";
import { gib, kib, mib } from "#domain/units.ts";

const read = (written: unknown) => readSize(written, [kib(1), gib(64)]);

describe("a size", () => {
  it("is a number and a binary unit, with or without one space and a fraction", () => {
    const cases = [
      ["1KiB", kib(1)],
      ["512MiB", mib(512)],
      ["1.5GiB", mib(1536)],
      ["1.5 GiB", mib(1536)],
      ["0.0009765625TiB", gib(1)],
    ] as const;
    for (const [written, value] of cases) assert.deepEqual(read(written), { kind: "value", value }, written);
  });

  it("is never a bare number, a decimal unit, another case or an exponent", () => {
    for (const written of [512, "512", "512M", "512MB", "512mib", "5e2MiB", "MiB", "", true, [], {}, undefined]) {
      assert.equal(read(written).kind, "refused", String(written));
    }
  });

  it("written with a wrong unit is answered with the right one", () => {
    const wanted = (written: unknown) => {
      const answer = read(written);
      return answer.kind === "refused" ? answer.wanted : undefined;
    };
    assert.equal(wanted("512k"), 'write "512KiB"');
    assert.equal(wanted("512mb"), 'write "512MiB"');
    assert.equal(wanted("2G"), 'write "2GiB"');
    assert.equal(wanted("2 TB"), 'write "2TiB"');
    assert.equal(wanted("512 pages"), 'write "512MiB"');
    assert.equal(wanted(512), 'write "512MiB"');
  });

  it("may lie on either end of its range and not beyond", () => {
    const { read: readBetween } = size([mib(64), gib(1)]);
    assert.equal(readBetween("64MiB").kind, "value");
    assert.equal(readBetween("1GiB").kind, "value");
    assert.equal(readBetween("65535KiB").kind, "refused");
    assert.equal(readBetween("1.001GiB").kind, "refused");
  });

  it("too large for any number is refused like any other size that is too large", () => {
    assert.equal(read(`${"9".repeat(400)}TiB`).kind, "refused");
  });

  it("is shown in the largest unit it fills, with two decimals at most", () => {
    assert.equal(showSize(kib(1023)), '"1023KiB"');
    assert.equal(showSize(mib(1)), '"1MiB"');
    assert.equal(showSize(mib(1536)), '"1.5GiB"');
    assert.equal(showSize(mib(1000)), '"1000MiB"');
    assert.equal(showSize(kib(0)), '"0KiB"');
    assert.equal(showSize(gib(2048)), '"2TiB"');
  });
});
