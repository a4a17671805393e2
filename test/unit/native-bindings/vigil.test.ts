import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { milliseconds } from "#domain/units.ts";
import { makeBell } from "#native-bindings/eventfd.ts";
import { closeFd, type Fd, openFile } from "#native-bindings/file.ts";
import { type Bound, makeVigil, type VigilEnding } from "#native-bindings/vigil.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-vigil-"));
const path = join(folder, "file");
after(() => rmSync(folder, { recursive: true }));

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const bound = (holds: Bound["holds"], at: number, text: string): Bound => ({ at, text: encode(text), holds });

/** How a vigil of one check ends over a file with this content. */
async function check(content: string, bounds: readonly Bound[], size = content.length): Promise<VigilEnding["why"]> {
  writeFileSync(path, content);
  using vigil = makeVigil();
  const fd = openFile(path);
  const ending = await vigil.keep({ watched: [], every: milliseconds(1), rounds: 1, files: [{ fd, size, bounds }] });
  closeFd(fd);
  return ending.why;
}

describe("a vigil", () => {
  it("is over when everything held in all of its rounds, and tells the last, with its time", async () => {
    writeFileSync(path, "free 500 kB");
    using vigil = makeVigil();
    const fd = openFile(path);
    const files = [{ fd, size: 11, bounds: [bound("same", 0, "free"), bound("least", 5, "500")] }];
    const began = Number(process.hrtime.bigint()) / 1e6;
    const { why, last } = await vigil.keep({ watched: [], every: milliseconds(2.5), rounds: 4, files });
    const ended = Number(process.hrtime.bigint()) / 1e6;
    closeFd(fd);
    assert.equal(why, "over");
    assert.deepEqual(last?.texts, [encode("free 500 kB")]);
    assert.ok(last.at >= began + 10 && last.at <= ended, `${began} ${last.at} ${ended}`);
  });

  it("ends as soon as a number is beyond its bound, and one at the bound is not", async () => {
    for (const [content, holds, why] of [
      [" 99", "least", "moved"],
      ["100", "least", "over"],
      ["101", "least", "over"],
      ["200", "least", "over"],
      ["101", "most", "moved"],
      ["200", "most", "moved"],
      ["100", "most", "over"],
      ["  9", "most", "over"],
      ["100", "same", "over"],
      ["101", "same", "moved"],
      [" 99", "same", "moved"],
    ] as const) {
      assert.equal(await check(`: ${content} kB`, [bound(holds, 2, "100")]), why, `${content} ${holds}`);
    }
  });

  it("ends when any of several bounds does not hold, in whatever order", async () => {
    const held = bound("same", 0, "a");
    const broken = bound("same", 2, "x");
    for (const bounds of [[broken], [held, broken], [broken, held], [held, held, broken]]) {
      assert.equal(await check("a b", bounds), "moved");
    }
    assert.equal(await check("a b", [held, held, held]), "over");
  });

  it("ends when a file has another size, or cannot be read", async () => {
    assert.equal(await check("abc", [], 2), "moved");
    assert.equal(await check("abc", [], 4), "moved");
    using vigil = makeVigil();
    const files = [{ fd: 1_000_000 as Fd, size: 3, bounds: [] }];
    const ending = await vigil.keep({ watched: [], every: milliseconds(1), rounds: 1, files });
    assert.deepEqual(ending, { why: "moved", readiness: [], last: undefined });
  });

  it("ends when something moves after rounds in which nothing did, and tells the last of those", async () => {
    using vigil = makeVigil();
    const fd = openFile(path);
    const files = [{ fd, size: 1, bounds: [bound("same", 0, "1")] }];
    // The thread may get no processor before the file is changed: then there was no round.
    for (let patience = 20; ; patience *= 2) {
      writeFileSync(path, "1");
      const kept = vigil.keep({ watched: [], every: milliseconds(2), rounds: 1_000_000, files });
      setTimeout(() => writeFileSync(path, "2"), patience);
      const { why, last } = await kept;
      assert.equal(why, "moved");
      if (last === undefined) continue;
      assert.deepEqual(last.texts, [encode("1")]);
      break;
    }
    closeFd(fd);
  });

  it("ends when a descriptor is ready, and says which", async () => {
    using vigil = makeVigil();
    using quiet = makeBell();
    using bell = makeBell();
    const watched = [quiet, bell].map(({ fd }) => ({ fd, until: "readable" as const }));
    const kept = vigil.keep({ watched, every: milliseconds(60_000), rounds: 1, files: [] });
    bell.ring();
    assert.deepEqual(await kept, { why: "ready", readiness: ["idle", "ready"], last: undefined });
  });

  it("can be kept again and again, each with its own bounds", async () => {
    writeFileSync(path, "1");
    using vigil = makeVigil();
    const fd = openFile(path);
    const keep = (text: string) =>
      vigil.keep({
        watched: [],
        every: milliseconds(1),
        rounds: 1,
        files: [{ fd, size: 1, bounds: [bound("same", 0, text)] }],
      });
    const ended = [];
    for (const text of ["1", "2", "1"]) ended.push((await keep(text)).why);
    closeFd(fd);
    assert.deepEqual(ended, ["over", "moved", "over"]);
  });

  it("refuses what it has no room for, before it begins", async () => {
    using vigil = makeVigil();
    const order = { watched: [], every: milliseconds(1), rounds: 1 };
    const files = [{ fd: 0 as Fd, size: 1, bounds: Array.from({ length: 100 }, () => bound("same", 0, "1")) }];
    await assert.rejects(async () => vigil.keep({ ...order, files }), RangeError);
    const long = [{ fd: 0 as Fd, size: 1, bounds: [bound("least", 0, "1".repeat(5000))] }];
    await assert.rejects(async () => vigil.keep({ ...order, files: long }), RangeError);
  });
});
