import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, milliseconds } from "#domain/units.ts";
import { createSink } from "#journal/sink.ts";
import { outletWithRoom } from "./outlets.ts";

const patience = milliseconds(10);

test("lines come out whole and in order, however small the bites of the reader", () => {
  const outlet = outletWithRoom(0);
  const sink = createSink(outlet, bytes(64));
  const lines = Array.from({ length: 40 }, (_, n) => `line ${n} éà\n`);
  for (const line of lines) {
    assert.equal(sink.write(line, "urgent"), true);
    while (sink.waiting > 0) {
      outlet.makeRoom(3);
      sink.flush();
    }
  }
  assert.equal(outlet.text(), lines.join(""));
});

test("a reader that takes nothing costs lines, and no call waits for it", () => {
  const outlet = outletWithRoom(0);
  const sink = createSink(outlet, bytes(32));
  const kept = Array.from({ length: 10 }, (_, n) => sink.write(`line ${n}\n`, "urgent"));
  sink.flush();
  assert.deepEqual(kept, [true, true, true, true, false, false, false, false, false, false]);
  assert.equal(outlet.waits(), 0);
  assert.equal(outlet.text(), "");
});

test("a line is lost as a whole or not at all", () => {
  const outlet = outletWithRoom(0);
  const sink = createSink(outlet, bytes(16));
  assert.equal(sink.write("0123456789\n", "urgent"), true);
  assert.equal(sink.write("abcdefghij\n", "urgent"), false);
  assert.equal(sink.write("abc\n", "urgent"), true);
  outlet.makeRoom(100);
  sink.flush();
  assert.equal(outlet.text(), "0123456789\nabc\n");
});

test("a line longer than all the room is lost, and the next one is not", () => {
  const outlet = outletWithRoom(100);
  const sink = createSink(outlet, bytes(16));
  assert.equal(sink.write(`${"x".repeat(16)}\n`, "urgent"), false);
  assert.equal(sink.write("short\n", "urgent"), true);
});

test("a character of several bytes at the edge of the room is not cut in half", () => {
  const sink = createSink(outletWithRoom(0), bytes(8));
  assert.equal(sink.write("1234567é", "urgent"), false);
  assert.equal(sink.write("123456é", "urgent"), true);
  assert.equal(sink.waiting, 8);
});

test("ordinary lines leave a quarter of the room to urgent ones", () => {
  const sink = createSink(outletWithRoom(0), bytes(40));
  assert.equal(sink.write(`${"x".repeat(29)}\n`, "ordinary"), true);
  assert.equal(sink.write("x", "ordinary"), false);
  assert.equal(sink.write(`${"k".repeat(9)}\n`, "urgent"), true);
});

test("the last words wait for a slow reader until all is out", () => {
  const outlet = outletWithRoom(0, 5);
  const sink = createSink(outlet, bytes(64));
  sink.write("goodbye, slowly\n", "urgent");
  sink.drain(patience);
  assert.equal(outlet.text(), "goodbye, slowly\n");
  assert.equal(sink.waiting, 0);
});

test("the last words give up on a reader that has stopped", () => {
  const outlet = outletWithRoom(4);
  const sink = createSink(outlet, bytes(64));
  sink.write("goodbye\n", "urgent");
  sink.drain(patience);
  assert.equal(outlet.text(), "good");
  assert.equal(outlet.waits(), 1);
});
