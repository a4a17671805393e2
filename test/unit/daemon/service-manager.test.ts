import assert from "node:assert/strict";
import { test } from "node:test";
import { type ServiceManager, speakTo } from "#daemon/service-manager.ts";
import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import { gib, type Microseconds, mib, microseconds, milliseconds } from "#domain/units.ts";
import type { Standing } from "#journal/standing.ts";

const standing: Standing = { headroom: gib(12), low: mib(640), alarm: undefined, kills: 0 };

/** A manager in memory, at whose side time passes as the test says. */
interface Listened {
  readonly manager: ServiceManager;
  readonly heard: readonly string[];
  readonly complaints: readonly SystemFailure[];
  readonly pass: (span: number) => void;
  /** What becomes of messages from now on. */
  readonly answer: (how: "taken" | "full" | "gone") => void;
}

function listen(watchdog?: Microseconds): Listened {
  const heard: string[] = [];
  const complaints: SystemFailure[] = [];
  let now = 1000;
  let how = "taken";
  const manager = speakTo({
    messenger: {
      send(message) {
        if (how === "gone") {
          throw new SystemError({ call: "connect", errno: "ECONNREFUSED", subject: "@manager", advice: "Look" });
        }
        if (how === "taken") heard.push(message);
        return how === "taken";
      },
      [Symbol.dispose]: () => undefined,
    },
    watchdog,
    now: () => milliseconds(now),
    monotonic: () => microseconds(now * 1000 + 7_000_000),
    complain: (failure) => complaints.push(failure),
  });
  return {
    manager,
    heard,
    complaints,
    pass: (span) => {
      now += span;
    },
    answer: (next) => {
      how = next;
    },
  };
}

test("the first look makes us ready, and says how things stand", () => {
  const { manager, heard } = listen();
  manager.feed(standing);
  assert.deepEqual(heard, ["READY=1\nSTATUS=Watching: headroom 12 GiB, low is 640 MiB; 0 kills so far"]);
});

test("nothing is said while nothing but figures change, for a minute", () => {
  const { manager, heard, pass } = listen();
  manager.feed(standing);
  pass(59_999);
  manager.feed({ ...standing, headroom: gib(11) });
  assert.equal(heard.length, 1);
  pass(1);
  manager.feed({ ...standing, headroom: gib(11) });
  assert.equal(heard[1], "STATUS=Watching: headroom 11 GiB, low is 640 MiB; 0 kills so far");
});

test("a low that other settings have moved is told at once", () => {
  const { manager, heard } = listen();
  manager.feed(standing);
  manager.feed({ ...standing, low: mib(900) });
  assert.equal(heard[1], "STATUS=Watching: headroom 12 GiB, low is 900 MiB; 0 kills so far");
});

test("an alarm and a kill are told at once", () => {
  const { manager, heard } = listen();
  manager.feed(standing);
  manager.feed({ ...standing, alarm: "scarce", headroom: mib(600) });
  manager.feed({ ...standing, alarm: "scarce", headroom: mib(600), kills: 1 });
  assert.deepEqual(heard.slice(1), [
    "STATUS=Alarm scarce: headroom 600 MiB, low is 640 MiB; 0 kills so far",
    "STATUS=Alarm scarce: headroom 600 MiB, low is 640 MiB; 1 kill so far",
  ]);
});

test("the watchdog is fed at half its period, by looks only", () => {
  const { manager, heard, pass } = listen(microseconds(10_000_000));
  manager.feed(standing);
  assert.equal(manager.hungryAt, 6000);
  pass(4999);
  manager.feed(standing);
  assert.equal(heard.length, 1);
  pass(1);
  manager.feed(standing);
  assert.equal(heard[1], "WATCHDOG=1");
  assert.equal(manager.hungryAt, 11_000);
  pass(60_000);
  assert.equal(heard.length, 2);
});

test("what a full queue did not take is said at the next look, as things stand then", () => {
  const { manager, heard, answer } = listen(microseconds(10_000_000));
  answer("full");
  manager.feed(standing);
  manager.feed({ ...standing, kills: 1 });
  answer("taken");
  manager.feed({ ...standing, kills: 1 });
  assert.deepEqual(heard, ["READY=1\nSTATUS=Watching: headroom 12 GiB, low is 640 MiB; 1 kill so far"]);
});

test("a reload is told with the manager's own time, and is over with the look after it", () => {
  const { manager, heard } = listen();
  manager.feed(standing);
  manager.reloading();
  manager.feed(standing);
  manager.reloaded();
  manager.feed(standing);
  assert.deepEqual(heard.slice(1), ["RELOADING=1\nMONOTONIC_USEC=8000000", "READY=1"]);
});

test("a reload that could not be told in time is not told when it is over", () => {
  const { manager, heard, answer } = listen();
  manager.feed(standing);
  answer("full");
  manager.reloading();
  answer("taken");
  manager.reloaded();
  manager.feed(standing);
  assert.deepEqual(heard.slice(1), ["READY=1"]);
});

test("a manager that has gone is complained of, and nothing is thrown", () => {
  const { manager, heard, complaints, answer } = listen();
  answer("gone");
  manager.feed(standing);
  answer("taken");
  manager.feed(standing);
  assert.deepEqual(
    complaints.map(({ errno }) => errno),
    ["ECONNREFUSED"],
  );
  assert.deepEqual(heard, []);
});
