import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue, declarationOf, type EventFields, type EventName } from "#journal/catalogue.ts";
import { vocabulary } from "#journal/vocabulary.ts";
import { assertGolden } from "#test/support/golden-file.ts";
import { samples } from "./samples.ts";

const names = Object.keys(samples).filter((name): name is EventName => name in catalogue);

const sentencesOf = <N extends EventName>(name: N): readonly string[] =>
  samples[name].map((fields: EventFields<N>) => declarationOf(name).sentence(fields));

test("every event says what happened in one reviewed English line", () => {
  const lines = names.flatMap((name) => [
    `${name} [${catalogue[name].level}]`,
    ...sentencesOf(name).map((sentence) => `    ${sentence}`),
    `    > ${catalogue[name].operator}`,
  ]);
  assertGolden("journal/sentences.txt", `${lines.join("\n")}\n`);
});

test("no sentence has a hole or a second line in it", () => {
  for (const sentence of names.flatMap(sentencesOf)) {
    assert.doesNotMatch(sentence, /undefined|NaN|null|\[object|\n| {2}/, sentence);
    assert.match(sentence, /^[^.]/);
    assert.doesNotMatch(sentence, /\.$/, sentence);
  }
});

test("no two events share a message id, and each id has 128 bits", () => {
  const ids = Object.values(catalogue).map(({ messageId }) => messageId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
});

test("names and message ids never change", () => {
  const lines = Object.entries(catalogue).map(([name, { messageId }]) => `${messageId} ${name}`);
  assertGolden("journal/message-ids.txt", `${lines.join("\n")}\n`);
});

test("an event carries exactly the fields it declares", () => {
  for (const name of names) {
    const declared: readonly string[] = catalogue[name].fields.names;
    const carried = new Set(samples[name].flatMap((fields) => Object.keys(fields)));
    assert.deepEqual([...carried].sort(), [...new Set(declared)].sort(), name);
  }
});

test("a field of memory or time says its unit in its name", () => {
  for (const name of names) {
    for (const [field, value] of samples[name].flatMap((fields): [string, unknown][] => Object.entries(fields))) {
      const isPlain = [
        "pid",
        "uid",
        "oom_score_adj",
        "eligible",
        "family_processes",
        "family_young",
        "group_processes",
        "kills",
        "rehearsals",
        "looks",
        "rules",
        "dropped",
        "asked",
        "output_bytes",
        "sharing",
        "start_ticks",
        "sysctl_value",
      ].includes(field);
      if (typeof value === "number" && !isPlain) assert.match(field, /_(kib|ms|percent)$/, `${name}: ${field}`);
    }
  }
});

test("every word of the vocabulary is used by an event", () => {
  const used = new Set<string>(Object.values(catalogue).flatMap(({ fields }) => fields.names));
  const addedByTheJournal = ["suppressed"];
  assert.deepEqual(
    Object.keys(vocabulary).filter((field) => !used.has(field)),
    addedByTheJournal,
  );
});
