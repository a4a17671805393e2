import assert from "node:assert/strict";
import { accessSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { armPressureTrigger } from "#linux/pressure-trigger.ts";
import { pollNow } from "#native-bindings/poll.ts";

const path = "/proc/pressure/memory";
const total = () => /some .*total=(\d+)/.exec(readFileSync(path, "utf8"))?.[1];

function withoutPressure(): string | false {
  try {
    accessSync(path);
    return false;
  } catch {
    return "this kernel has no PSI";
  }
}

test("who is privileged in name only gets the trigger of everybody", { skip: withoutPressure() }, () => {
  using trigger = armPressureTrigger(true);
  assert.ok(trigger !== undefined);
});

test("a trigger is silent while nothing stalls, and an event without stall is none", {
  skip: withoutPressure(),
}, () => {
  for (;;) {
    const before = total();
    using trigger = armPressureTrigger(false);
    assert.ok(trigger !== undefined, "a window of 2 s needs no privilege");
    const readiness = pollNow([{ fd: trigger.fd, until: "priority" }]);
    const hasStalled = trigger.hasStalled();
    // Another process may stall the machine at this very moment: then nothing was proven.
    if (total() !== before) continue;
    assert.deepEqual([readiness, hasStalled], [["idle"], false]);
    return;
  }
});
