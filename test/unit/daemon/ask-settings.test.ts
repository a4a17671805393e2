import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Answered, askSettings, type SettingsReader } from "#daemon/ask-settings.ts";
import { readNoted, writeLetter } from "#daemon/handover.ts";
import { factsOf } from "#daemon/plan-reading.ts";
import { type Milliseconds, milliseconds, seconds } from "#domain/units.ts";
import { closeFd, type Fd } from "#native-bindings/file.ts";
import { makeMemoryFile } from "#native-bindings/memory-file.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { settingsReaderOf, stateOf } from "#test/support/settings-reader.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-ask-"));
after(() => rmSync(folder, { recursive: true }));

const patient = { timeout: 60_000 };
const fixed = (): Milliseconds => milliseconds(0);
const openFds = (): number => readdirSync("/proc/self/fd").length;

async function answerOf(reader: SettingsReader): Promise<Answered> {
  for (;;) {
    const answered = reader.take();
    if (answered !== undefined) return answered;
    await setTimeout(5);
  }
}

/** Asks for the settings of a file with that text. */
async function ask(text: string, now: () => Milliseconds = fixed): Promise<{ answered: Answered; letter: Fd }> {
  const path = join(folder, `settings-${readdirSync(folder).length}.toml`);
  writeFileSync(path, text);
  const letter = writeLetter({ message: {}, noted: undefined });
  const reader = askSettings({ kind: "reload", settings: { path, overrides: [] } }, { now, letter });
  return { answered: await answerOf(reader), letter };
}

test(
  "settings come back from another process as a plan, with the letter they can be made of again",
  patient,
  async () => {
    const before = openFds();
    const { answered, letter } = await ask(
      'preset = "none"\n[headroom]\nmin = "11MiB"\nlow = "22MiB"\nhigh = "33MiB"\n',
    );
    assert.ok(answered.kind === "answer" && answered.answer.kind === "settings");
    assert.equal(answered.answer.settings.recipe.headroom.low, 22 * 1024);
    assert.match(JSON.stringify(readNoted(answered.letter)), /22MiB/);
    for (const fd of [answered.letter, letter]) closeFd(fd);
    assert.equal(openFds(), before);
  },
);

test("settings that are wrong are refused with their place, by a process that ends well", patient, async () => {
  const { answered, letter } = await ask('preset = "none"\n[pacing]\nclam = "1s"\n');
  assert.ok(answered.kind === "answer" && answered.answer.kind === "refused");
  assert.match(answered.answer.problems.join(), /:3:.*clam/);
  for (const fd of [answered.letter, letter]) closeFd(fd);
});

/** Asks for settings until a reader is stopped before it has answered; from then on it is as late as is wanted. */
async function stopReader(letter: Fd): Promise<{ readonly reader: SettingsReader; readonly pass: () => void }> {
  const choice = { path: join(folder, "none.toml"), overrides: [] };
  for (;;) {
    let at = seconds(0);
    const reader = askSettings({ kind: "reload", settings: choice }, { now: () => at, letter });
    const pid = settingsReaderOf(process.pid);
    if (pid !== undefined) process.kill(pid, "SIGSTOP");
    while (pid !== undefined && !/[TZ]/.test(stateOf(pid) ?? "")) await setTimeout(1);
    const pass = (): void => {
      at = seconds(31);
    };
    if (pid !== undefined && stateOf(pid) === "T") return { reader, pass };
    reader[Symbol.dispose]();
  }
}

test("a reader that takes longer than half a minute is ended, and leaves nothing open", patient, async () => {
  const before = openFds();
  const letter = writeLetter({ message: {}, noted: undefined });
  const { reader, pass } = await stopReader(letter);
  assert.equal(reader.take(), undefined);
  pass();
  assert.deepEqual(await answerOf(reader), {
    kind: "none",
    why: "the process that reads them was ended by signal 9",
  });
  closeFd(letter);
  assert.equal(openFds(), before);
});

test("a reader that fails says with which status, and leaves nothing open", patient, async () => {
  const before = openFds();
  const letter = makeMemoryFile("no letter", "text");
  const reader = askSettings({ kind: "refit", facts: factsOf(aMachine().boot()) }, { now: fixed, letter });
  assert.deepEqual(await answerOf(reader), { kind: "none", why: "the process that reads them ended with status 1" });
  closeFd(letter);
  assert.equal(openFds(), before);
});

test("who does not want the answer any more leaves no process and no descriptor", patient, () => {
  const before = openFds();
  const letter = writeLetter({ message: {}, noted: undefined });
  const choice = { path: join(folder, "none.toml"), overrides: [] };
  askSettings({ kind: "reload", settings: choice }, { now: fixed, letter })[Symbol.dispose]();
  closeFd(letter);
  assert.equal(openFds(), before);
});
