import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mib, milliseconds } from "#domain/units.ts";
import { followTrend, type Trend } from "#engine/trend.ts";
import { forecast } from "#policies/detectors/forecast.ts";
import { aSituation } from "./a-situation.ts";

const options = { enabled: true, horizon: milliseconds(250), below: mib(1200) };

/** A trend in MiB per second. */
const falling = (steady: number, lastFall = steady): Trend => ({
  at: milliseconds(0),
  headroom: mib(1000),
  fall: 0,
  lastFall: (lastFall * 1024) / 1000,
  steady: (steady * 1024) / 1000,
});

const look = (headroom: number, trend: Trend | undefined) =>
  forecast.detect(aSituation({ headroom: mib(headroom), trend }), options);

describe("the forecast", () => {
  it("proves low when min is nearer than its horizon", () => {
    const sighting = look(1000, falling(3000));
    assert.equal(sighting?.breached, "low");
    assert.equal(sighting?.reason.kind === "falling" && sighting.reason.timeLeft, 200);
  });

  it("never proves min, however steep the fall", () => {
    assert.equal(look(401, falling(100_000))?.breached, "low");
    assert.equal(forecast.deepest, "low");
  });

  it("proves nothing with plenty left, however steep the fall: a program that starts stops as well", () => {
    assert.equal(look(1200, falling(100_000))?.breached, undefined);
  });

  it("proves nothing by a spike, nor by a fall that has ended", () => {
    assert.equal(look(1000, falling(500, 10_000))?.breached, undefined);
    assert.equal(look(1000, falling(10_000, 500))?.breached, undefined);
    assert.equal(look(1000, falling(10_000, -1))?.breached, undefined);
  });

  it("says that there is no time to be told when headroom rises", () => {
    const sighting = look(1000, falling(-3000));
    assert.deepEqual(sighting?.reason.kind === "falling" && [sighting.reason.perSecond, sighting.reason.timeLeft], [
      0,
      undefined,
    ]);
  });

  it("says nothing without a trend", () => {
    assert.equal(look(1000, undefined), undefined);
  });
});

describe("a trend", () => {
  it("is steady over a quarter of a second, however close together the looks are", () => {
    const dense = Array.from({ length: 50 }, (_, index) => index * 5);
    const fine = dense.reduce<Trend | undefined>(
      (trend, at) => followTrend(trend, mib(2000 - 2 * at), milliseconds(at)),
      undefined,
    );
    const coarse = [0, 245].reduce<Trend | undefined>(
      (trend, at) => followTrend(trend, mib(2000 - 2 * at), milliseconds(at)),
      undefined,
    );
    assert.ok(fine && coarse && Math.abs(fine.steady - coarse.steady) < 1e-6);
    assert.ok(fine.steady > 2048 * 0.6 && fine.steady < 2048 * 0.65);
  });
});
