import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { type Examined, misjudgement, type Patient, patients, readExamination } from "#test/vm/examination.ts";

const patient = (name: string): Patient => {
  const found = patients.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no patient ${name}`);
  return found;
};
const record = (severity: string, topic: string, finding: string): string =>
  JSON.stringify({ schema: "tidemark.doctor.diagnosis/1", topic, severity, finding });
const said = (exitStatus: number, ...lines: readonly string[]): Examined => ({
  ...readExamination(`{"schema":"tidemark.doctor/1"}\n${lines.join("\n")}\nexit ${exitStatus}\n`),
  console: "",
});
const kernelFine = record("fine", "kernel", "Linux 6.12 has all that tidemark uses");
const noSwap = record("note", "swap", "there is no swap");
const killer = record("fault", "killers", "earlyoom is running, pid 9 (earlyoom -r 3600); it watches available memory");

test("what doctor says is read to its exit status", () => {
  const { diagnoses, exitStatus } = said(1, kernelFine, killer);
  deepEqual([diagnoses.map(({ topic }) => topic), exitStatus], [["kernel", "killers"], 1]);
});

test("whoever finds what was seeded, and nothing else, is right", () => {
  equal(misjudgement(patient("nothing"), said(0, kernelFine)), undefined);
  equal(misjudgement(patient("no swap"), said(0, kernelFine, noSwap)), undefined);
  equal(misjudgement(patient("earlyoom"), said(1, kernelFine, killer)), undefined);
});

test("whoever misses what was seeded, or finds more, is wrong", () => {
  equal(misjudgement(patient("no swap"), said(0, kernelFine)), "it does not find /^there is no swap$/");
  equal(
    misjudgement(patient("nothing"), said(0, kernelFine, noSwap)),
    "it finds what is not there: swap: there is no swap",
  );
});

test("a fault has an exit status of its own, and nothing else has", () => {
  equal(misjudgement(patient("earlyoom"), said(0, killer)), "its exit status is 0, and not 1");
  equal(misjudgement(patient("no swap"), said(1, noSwap)), "its exit status is 1, and not 0");
});

test("whoever says nothing finds nothing, not even that all is well", () => {
  equal(
    misjudgement(patient("nothing"), { ...readExamination(""), console: "" }),
    "its exit status is undefined, and not 0",
  );
});
