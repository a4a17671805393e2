import { deepEqual, equal, throws } from "node:assert/strict";
import { describe, test } from "node:test";
import * as units from "#domain/units.ts";
import { bytes, gib, kib, mib, milliseconds, pages, percent } from "#domain/units.ts";

const pageSize = bytes(4096);
const bigPageSize = bytes(65536);

describe("a quantity is made of a number", () => {
  for (const [name, make] of Object.entries({ pages, bytes, uid: units.uid, startTicks: units.startTicks })) {
    test(`${name} refuses fractions, negative numbers and what a double cannot hold`, () => {
      equal(make(0), 0);
      equal(make(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
      for (const wrong of [0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
        throws(() => make(wrong), { name: "RangeError", message: /it must be a whole number of at least 0$/ });
      }
    });
  }

  const { microseconds, seconds } = units;
  for (const [name, make] of Object.entries({ kib, milliseconds, microseconds, seconds })) {
    test(`${name} refuses negative numbers, NaN and infinity`, () => {
      equal(make(0), 0);
      for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 54]) {
        throws(() => make(wrong), { name: "RangeError", message: /it must lie between 0 and/ });
      }
    });
  }

  test("a fraction of a KiB is not memory: it is rounded down", () => equal(kib(1.99), 1));
  test("1 MiB is 1024 KiB, and 1 GiB is 1024 MiB", () => {
    equal(mib(1), 1024);
    equal(gib(1), mib(1024));
    equal(mib(0.5), 512);
  });
  test("a second is 1000 ms", () => equal(units.seconds(1.5), milliseconds(1500)));

  test("percent reaches from 0 to 100 and no further", () => {
    equal(percent(0), 0);
    equal(percent(100), 100);
    for (const wrong of [-0.1, 100.1, Number.NaN]) throws(() => percent(wrong), /Cannot make Percent of/);
  });
  test("pid 0 and negative pids mean something else to kill(2) and are refused", () => {
    equal(units.pid(1), units.initPid);
    for (const wrong of [0, -1, 1.5]) throws(() => units.pid(wrong), /whole number of at least 1/);
  });
  test("oom_score_adj reaches from -1000 to 1000", () => {
    equal(units.oomScoreAdj(-1000), units.oomScoreAdjMin);
    equal(units.oomScoreAdj(1000), units.oomScoreAdjMax);
    for (const wrong of [-1001, 1001, 0.5]) throws(() => units.oomScoreAdj(wrong), RangeError);
  });
  test("a cgroup path is absolute", () => {
    equal(units.cgroupPath("/system.slice"), "/system.slice");
    throws(() => units.cgroupPath("system.slice/"), {
      message: 'Cannot make CgroupPath of "system.slice/": it must begin with "/"',
    });
  });
  test("pid 2 is kthreadd", () => equal(units.kthreaddPid, 2));
});

describe("arithmetic stays inside one unit", () => {
  test("subtract may go below zero, lessened may not", () => {
    equal(units.add(mib(1), kib(1)), 1025);
    equal(units.subtract(kib(1), kib(3)), -2);
    equal(units.lessened(kib(1), kib(3)), 0);
    equal(units.lessened(kib(3), kib(1)), 2);
  });
  test("the sum of nothing is zero", () => {
    equal(units.sum([]), 0);
    equal(units.sum([kib(1), kib(2), kib(3)]), 6);
  });
  test("scale multiplies by a plain number", () => equal(units.scale(kib(100), 1.5), 150));
  test("least, greatest and clamp choose one of their arguments", () => {
    deepEqual([units.least(kib(1), kib(2)), units.least(kib(2), kib(1))], [1, 1]);
    deepEqual([units.greatest(kib(1), kib(2)), units.greatest(kib(2), kib(1))], [2, 2]);
    const clamped = [kib(1), kib(5), kib(9)].map((n) => units.clamp(n, kib(3), kib(7)));
    deepEqual(clamped, [3, 5, 7]);
  });
  test("a watermark is reached at its very value and fallen below under it", () => {
    deepEqual([units.below(kib(9), kib(10)), units.below(kib(10), kib(10))], [true, false]);
    deepEqual([units.atLeast(kib(9), kib(10)), units.atLeast(kib(10), kib(10))], [false, true]);
  });
  test("a share of nothing is nothing, not a division by zero", () => {
    equal(units.ratio(kib(1), kib(0)), 0);
    equal(units.ratio(kib(1), kib(4)), 0.25);
    equal(units.share(kib(1), kib(0)), 0);
    equal(units.share(kib(1), kib(4)), 25);
  });
  test("a share is held to 0-100 although a change can be negative or more than the whole", () => {
    equal(units.share(kib(5), kib(4)), 100);
    equal(units.share(units.subtract(kib(0), kib(1)), kib(4)), 0);
  });
  test("percentOf is the inverse of share", () => equal(units.percentOf(percent(25), gib(4)), gib(1)));
});

describe("conversion between units", () => {
  test("the page size decides how much a page is", () => {
    equal(units.pagesToKiB(pages(2), pageSize), 8);
    equal(units.pagesToKiB(pages(2), bigPageSize), 128);
  });
  test("a part of a page is no page, as in the kernel's own divisions", () => {
    equal(units.kibToPages(kib(7), pageSize), 1);
    equal(units.kibToPages(kib(127), bigPageSize), 1);
  });
  test("negative memory is rounded towards zero too", () => {
    equal(units.kibToPages(units.subtract(kib(0), kib(7)), pageSize), -1);
  });
  test("a part of a KiB is no KiB", () => {
    equal(units.bytesToKiB(bytes(2047)), 1);
    equal(units.kibToBytes(kib(2)), 2048);
  });
  test("sizes and times for people are plain numbers", () => {
    equal(units.kibToMiB(gib(1)), 1024);
    equal(units.kibToGiB(mib(512)), 0.5);
    equal(units.microsecondsToMilliseconds(units.microseconds(2500)), 2.5);
    equal(units.millisecondsToMicroseconds(milliseconds(2.5)), 2500);
    equal(units.millisecondsToSeconds(milliseconds(2500)), 2.5);
  });
});
