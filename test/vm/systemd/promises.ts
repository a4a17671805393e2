/** What the unit promises, as `guest/examine` names it; each has to be seen kept. */
export const promises = [
  "installed",
  "ready",
  "capabilities",
  "no-new-privileges",
  "system-calls",
  "read-only-system",
  "no-devices",
  "no-network",
  "settled",
  "nothing-lost",
  "priority",
  "kill",
  "kernel-not-needed",
  "reload",
  "watchdog-fed",
  "watchdog",
  "exposure",
] as const;

/** What was found out about one promise. */
export interface Finding {
  readonly promise: string;
  readonly isKept: boolean;
  readonly evidence: string;
}

const neverAsked = "nobody got as far as asking";

/** Reads the record of an examination. One that ended early keeps nothing of what it did not come to. */
export function readFindings(record: string): readonly Finding[] {
  const said = record.split("\n").flatMap((line) => {
    const [verdict = "", promise = "", evidence = ""] = line.split("\t");
    return verdict === "kept" || verdict === "broken" ? [{ promise, isKept: verdict === "kept", evidence }] : [];
  });
  return promises.map(
    (promise) =>
      said.find((finding) => finding.promise === promise && !finding.isKept) ??
      said.find((finding) => finding.promise === promise) ?? { promise, isKept: false, evidence: neverAsked },
  );
}
