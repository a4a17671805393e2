import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, kib, type Milliseconds, milliseconds, seconds } from "#domain/units.ts";
import { encodeJson } from "#journal/encode-json.ts";
import { encodeForJournald } from "#journal/encode-text.ts";
import type { Encode } from "#journal/entry.ts";
import type { Level } from "#journal/event.ts";
import { createJournal } from "#journal/journal.ts";
import { createSink } from "#journal/sink.ts";
import { outletWithRoom } from "./outlets.ts";
import { samples } from "./samples.ts";

interface Setting {
  readonly room?: number;
  readonly capacity?: number;
  readonly encode?: Encode;
  readonly level?: Level;
}

function journalWith({ room = 1e6, capacity = 4096, encode = encodeForJournald, level = "info" }: Setting = {}) {
  const outlet = outletWithRoom(room);
  let now: Milliseconds = milliseconds(0);
  const journal = createJournal({
    sink: createSink(outlet, bytes(capacity)),
    encode,
    level,
    now: () => now,
    wallTime: () => 0,
  });
  const lines = () => outlet.text().split("\n").slice(0, -1);
  const setTime = (to: Milliseconds): void => {
    now = to;
  };
  return { journal, outlet, lines, setTime };
}

const [signalled] = samples["victim.signalled"];
const [withheld] = samples["kill.withheld"];
const [look] = samples["look.taken"];
assert.ok(signalled !== undefined && withheld !== undefined && look !== undefined);

test("a hostile process name can neither forge a line nor drive the terminal, in text and in JSON", () => {
  const comm = "a\n<0>forged\u001b[2J";
  for (const encode of [encodeForJournald, encodeJson]) {
    const { journal, lines } = journalWith({ encode });
    journal.emit("victim.signalled", {
      ...signalled,
      comm,
      ranking: signalled.ranking.map((each) => ({ ...each, comm })),
    });
    assert.equal(lines().length, 1);
    assert.doesNotMatch(lines()[0] ?? "", /\p{Cc}/u);
    assert.match(lines()[0] ?? "", /a\\+x0a<0>forged\\+x1b\[2J/);
  }
});

test("a JSON entry of a kill has its reason, its numbers and the whole ranking", () => {
  const { journal, lines } = journalWith({ encode: encodeJson });
  journal.emit("victim.signalled", signalled);
  const { ranking, ...rest } = JSON.parse(lines()[0] ?? "");
  assert.deepEqual(ranking, JSON.parse(JSON.stringify(signalled.ranking)));
  assert.equal(rest.threshold_kib, 327_680);
  assert.equal(rest.watermark, "low");
  assert.equal(rest.level, "warn");
});

test("an entry milder than the level is not made", () => {
  const { journal, lines } = journalWith({ level: "info" });
  journal.emit("look.taken", look);
  assert.deepEqual(lines(), []);
  const verbose = journalWith({ level: "debug" });
  verbose.journal.emit("look.taken", look);
  assert.equal(verbose.lines().length, 1);
});

test("a condition that repeats is written once, and counted until its minute is over", () => {
  const { journal, lines, setTime } = journalWith();
  for (let n = 0; n < 5; n += 1) journal.emit("kill.withheld", withheld);
  assert.equal(lines().length, 1);
  setTime(seconds(61));
  journal.emit("kill.withheld", withheld);
  assert.match(lines()[1] ?? "", /and 4 times since it was last said/);
});

test("two kills of the same kind are both written", () => {
  const { journal, lines } = journalWith();
  journal.emit("victim.signalled", signalled);
  journal.emit("victim.signalled", signalled);
  assert.equal(lines().length, 2);
});

test("lines lost to a slow reader are counted, and the count is said when there is room again", () => {
  const { journal, outlet, lines } = journalWith({ room: 0, capacity: 400 });
  for (let n = 0; n < 7; n += 1)
    journal.emit("alarm.cleared", { from_kind: "scarce", lasted_ms: seconds(n), headroom_kib: kib(n) });
  assert.deepEqual(lines(), []);
  outlet.makeRoom(10_000);
  journal.flush();
  assert.match(lines().at(-1) ?? "", /^<4>Lost 2 lines of this journal/);
  const before = lines().length;
  journal.flush();
  assert.equal(lines().length, before, "said once");
});

test("the last words are handed over, what was lost included", () => {
  const { journal, outlet, lines } = journalWith({ room: 0, capacity: 100 });
  for (let n = 0; n < 3; n += 1) journal.emit("victim.signalled", signalled);
  outlet.makeRoom(10_000);
  journal.close(milliseconds(10));
  assert.deepEqual(
    lines().map((line) => /Lost (\d+) line/.exec(line)?.[1]),
    ["1", "2"],
  );
});
