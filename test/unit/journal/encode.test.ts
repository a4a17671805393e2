import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeJson } from "#journal/encode-json.ts";
import { encodeForJournald, encodeForTerminal } from "#journal/encode-text.ts";
import type { Entry } from "#journal/entry.ts";

const entry: Entry = {
  wallTime: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  event: "alarm.cleared",
  messageId: "a3b83019775b404e82d860e4d40c8c9d",
  level: "info",
  fields: { from_kind: "scarce", lasted_ms: 12, uid: undefined },
  suppressed: 0,
  sentence: "Alarm over: 50%d of it",
};

test("a JSON entry is one object on one line, with its keys in a fixed order", () => {
  assert.equal(
    encodeJson(entry),
    '{"level":"info","time":"2026-01-02T03:04:05.678Z","event":"alarm.cleared",' +
      '"message_id":"a3b83019775b404e82d860e4d40c8c9d","from_kind":"scarce","lasted_ms":12,"message":"Alarm over: 50%d of it"}\n',
  );
});

test("entries that were counted instead of written are told with the next one", () => {
  assert.match(encodeJson({ ...entry, suppressed: 7 }), /"suppressed":7,"message"/);
  assert.match(encodeForTerminal({ ...entry, suppressed: 7 }), /of it \(and 7 times since it was last said\)\n$/);
});

test("for a terminal a line has local time, an aligned level and the sentence", () => {
  const at = new Date(entry.wallTime);
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => `${n}`.padStart(2, "0")).join(":");
  assert.equal(encodeForTerminal(entry), `${time} info  Alarm over: 50%d of it\n`);
  assert.equal(encodeForTerminal({ ...entry, level: "error" }), `${time} error Alarm over: 50%d of it\n`);
});

test("for journald a line has the syslog priority of its level instead of the time", () => {
  const levels = ["error", "warn", "info", "debug"] as const;
  const lines = levels.map((level) => encodeForJournald({ ...entry, level, sentence: level }));
  assert.deepEqual(lines, ["<3>error\n", "<4>warn\n", "<6>info\n", "<7>debug\n"]);
});
