import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { boottimeNow } from "#native-bindings/boottime.ts";

test("the time since boot is the one the kernel prints", () => {
  const printed = () => Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) * 1000;
  const before = printed();
  const now = boottimeNow();
  assert.ok(before <= now + 10 && now <= printed() + 20, `${before} ${now}`);
});
