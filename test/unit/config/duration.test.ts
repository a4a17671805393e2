import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { duration, showDuration } from "#config/duration.ts";
import { milliseconds, seconds } from "#domain/units.ts";

const { read } = duration([milliseconds(0), seconds(7200)]);

describe("a time", () => {
  it("is a number and a unit", () => {
    const cases = [
      ["250ms", 250],
      ["3s", 3000],
      ["0.5s", 500],
      ["1min", 60_000],
      ["2h", 7_200_000],
      ["0s", 0],
    ] as const;
    for (const [written, value] of cases) {
      assert.deepEqual(read(written), { kind: "value", value: milliseconds(value) }, written);
    }
  });

  it("is never negative, bare, of two units or of an unknown one", () => {
    for (const written of [-3, 3, "3", "-3s", "-0.5ms", "1min 30s", "3 sec", "3S", "3us", "soon", true, undefined]) {
      assert.equal(read(written).kind, "refused", String(written));
    }
  });

  it("written with a wrong unit is answered with the right one", () => {
    const wanted = (written: unknown) => {
      const answer = read(written);
      return answer.kind === "refused" ? answer.wanted : undefined;
    };
    assert.equal(wanted("3sec"), 'write "3s"');
    assert.equal(wanted("5 minutes"), 'write "5min"');
    assert.equal(wanted("5m"), 'write "5min"');
    assert.equal(wanted("20msec"), 'write "20ms"');
    assert.equal(wanted("2 milliseconds"), 'write "2ms"');
    assert.equal(wanted("1 hour"), 'write "1h"');
  });

  it("is shown in the largest unit that is exact", () => {
    assert.equal(showDuration(milliseconds(0)), '"0ms"');
    assert.equal(showDuration(milliseconds(1500)), '"1500ms"');
    assert.equal(showDuration(seconds(90)), '"90s"');
    assert.equal(showDuration(seconds(120)), '"2min"');
    assert.equal(showDuration(seconds(3600)), '"1h"');
  });
});
