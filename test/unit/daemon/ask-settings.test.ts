import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Answered, askSettings, type SettingsReader } from "#daemon/ask-settings.ts";
import { readNoted, writeLetter } from "#daemon/handover.ts";
import { type Milliseconds, milliseconds, seconds } from "#domain/units.ts";
import { closeFd, type Fd } from "#native-bindings/file.ts";

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

test("a reader that takes longer than half a minute is ended, and leaves nothing open", patient, async () => {
  const before = openFds();
  const ticks = [0, ...Array.from({ length: 1000 }, () => seconds(31))];
  const { answered, letter } = await ask('preset = "none"\n', () => milliseconds(ticks.shift() ?? 0));
  assert.deepEqual(answered, { kind: "none", why: "the process that reads them was ended by signal 9" });
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
