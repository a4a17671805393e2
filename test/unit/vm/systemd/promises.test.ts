import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";
import { promises, readFindings } from "#test/vm/systemd/promises.ts";

const record = promises.map((promise) => `kept\t${promise}\tseen`).join("\n");

test("a promise that the examination did not come to is not kept", () => {
  const findings = readFindings(record.slice(0, record.indexOf("kept\tkill\t")));
  const broken = findings.filter(({ isKept }) => !isKept).map(({ promise }) => promise);
  deepEqual(broken, promises.slice(promises.indexOf("kill")));
});

test("a promise that was once seen broken is broken, whatever was said of it before", () => {
  const findings = readFindings(`${record}\nbroken\treload\tanother pid`);
  deepEqual(
    findings.filter(({ isKept }) => !isKept),
    [{ promise: "reload", isKept: false, evidence: "another pid", journal: [] }],
  );
});

test("what the journal says of a promise is told with it", () => {
  const findings = readFindings(`${record}\njournal\tkill\t[ 20.1] one\njournal\tkill\t[ 20.2] two`);
  deepEqual(
    findings.filter(({ journal }) => journal.length > 0),
    [{ promise: "kill", isKept: true, evidence: "seen", journal: ["[ 20.1] one", "[ 20.2] two"] }],
  );
});

test("what programs of the guest write between the lines is no finding", () => {
  equal(readFindings(`keeping on\n${record}\nkept by chance`).filter(({ isKept }) => isKept).length, promises.length);
});

test("the examination asks for each promise, and for no other", () => {
  const script = readFileSync(join(repositoryRoot, "test/vm/systemd/guest/examine"), "utf8");
  deepEqual(
    [...script.matchAll(/^ +promise ([a-z-]+) /gm)].map(([, name]) => name),
    [...promises],
  );
});
