import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeText } from "#journal/escape.ts";

test("a newline in a process name cannot begin a second log line", () => {
  assert.equal(escapeText("a\nb\r"), "a\\x0ab\\x0d");
});

test("an ESC sequence in a process name does not reach the terminal", () => {
  assert.equal(escapeText("\u001b[2J\u009b31m\u007f"), "\\x1b[2J\\x9b31m\\x7f");
});

test("marks that turn the writing direction round are shown, not obeyed", () => {
  assert.equal(escapeText("abc\u202efdp.exe\u2028"), "abc\\u{202e}fdp.exe\\u{2028}");
});

test("damaged UTF-8 stays visible as the replacement character, half a surrogate pair as its number", () => {
  assert.equal(escapeText(`${new TextDecoder().decode(Uint8Array.of(0x61, 0xff))}\ud800`), "a\ufffd\\u{d800}");
});

test("a name that looks like an escape is not taken for one", () => {
  assert.equal(escapeText("a\\x0ab"), "a\\\\x0ab");
});

test("letters of any script pass unchanged", () => {
  assert.equal(escapeText("Web Content 漢字 ñ é"), "Web Content 漢字 ñ é");
});
