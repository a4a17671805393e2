import assert from "node:assert/strict";
import { test } from "node:test";
import { specimens } from "#test/support/procfs-corpus.ts";
import { isPartOf, parseSoundly } from "#test/support/soundness.ts";

/** Arguments have neither an end nor a shape: what is cut there is a shorter text. */
const isCmdline = (path: string): boolean => path.includes("cmdline");

for (const { path, bytes, parse } of specimens) {
  test(`${path}, cut at any byte, is refused, gone or a part of the truth`, () => {
    const whole = parseSoundly(parse, bytes);
    for (let length = 0; length < bytes.length; length++) {
      const cut = parseSoundly(parse, bytes.subarray(0, length));
      if (cut.kind === "refused" || whole.kind === "refused" || isCmdline(path)) continue;
      assert.ok(isPartOf(cut.value, whole.value), `cut at byte ${length}: ${JSON.stringify(cut.value)}`);
    }
  });
}

test("there are recorded and hostile files for every parser", () => {
  const folders = new Set(specimens.map(({ path }) => path.split("/").slice(0, 1).join()));
  assert.deepEqual([...folders].sort(), ["hostile", "machines"]);
  assert.ok(specimens.length > 150, `${specimens.length} specimens`);
});
