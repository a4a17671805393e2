/** What the unit promises, as `guest/examine` names it; each has to be seen kept. */
export const promises = [
  "installed",
  "ready",
  "capabilities",
  "no-new-privileges",
  "read-only-system",
  "no-devices",
  "no-network",
  "system-calls",
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
  /** What the journal of the service says of it. */
  readonly journal: readonly string[];
}

const neverAsked = "nobody got as far as asking";

/** Reads the record of an examination. One that ended early keeps nothing of what it did not come to. */
export function readFindings(record: string): readonly Finding[] {
  const lines = record.split("\n").map((line) => line.split("\t"));
  return promises.map((promise) => {
    const said = lines.filter(([, subject]) => subject === promise);
    const of = (kind: string): readonly string[] =>
      said.flatMap(([what, , text = ""]) => (what === kind ? [text] : []));
    const [broken, kept, journal] = [of("broken"), of("kept"), of("journal")];
    return {
      promise,
      isKept: broken.length === 0 && kept.length > 0,
      evidence: [...broken, ...kept][0] ?? neverAsked,
      journal,
    };
  });
}
