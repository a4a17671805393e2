import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseBtf } from "#procfs/btf.ts";
import { ParseError } from "#procfs/parse-error.ts";
import { seed } from "#test/support/seed.ts";

/** linux/btf.h: BTF_KIND_… */
const kinds = { int: 1, array: 3, struct: 4, union: 5, typedef: 8, func: 12, prototype: 13 };
const hasBitFields = 2 ** 31;

interface Type {
  readonly name?: string;
  readonly kind: number;
  readonly count?: number;
  readonly flag?: number;
  /** Its size, or the type it is of. */
  readonly word: number;
  /** Names stand for where they lie. */
  readonly more?: readonly (number | string)[];
}

/** The types of no kernel, in the order of their numbers from 1 on. */
function btf(of: readonly Type[], isLittle = true): Uint8Array {
  let names = "\0";
  const nameAt = (name: string): number => {
    if (name === "") return 0;
    const at = names.length;
    names += `${name}\0`;
    return at;
  };
  const words = of.flatMap(({ name = "", kind, count = 0, flag = 0, word, more = [] }) => [
    nameAt(name),
    flag + kind * 2 ** 24 + count,
    word,
    ...more.map((each) => (typeof each === "string" ? nameAt(each) : each)),
  ]);
  const bytes = new Uint8Array(24 + words.length * 4 + names.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xeb9f, isLittle);
  view.setUint8(2, 1);
  const header = [24, 0, words.length * 4, words.length * 4, names.length];
  for (const [at, value] of header.entries()) view.setUint32(4 + at * 4, value, isLittle);
  for (const [at, value] of words.entries()) view.setUint32(24 + at * 4, value, isLittle);
  bytes.set(new TextEncoder().encode(names), 24 + words.length * 4);
  return bytes;
}

/** Bits, as the kernel counts them. */
const bits = (bytes: number): number => bytes * 8;

const types: readonly Type[] = [
  /* 1 */ { name: "long", kind: kinds.int, word: 8, more: [0x40] },
  /* 2 */ { name: "atomic_t", kind: kinds.typedef, word: 1 },
  /* 3 */ { kind: kinds.array, word: 0, more: [6, 1, 4] },
  /* 4 */ { kind: kinds.union, count: 1, word: 8, more: ["deep", 2, 0] },
  /* 5 */ {
    name: "mm",
    kind: kinds.struct,
    count: 3,
    word: 64,
    more: ["flags", 1, 0, "", 4, bits(8), "stat", 3, bits(16)],
  },
  /* 6 */ { name: "counter", kind: kinds.struct, count: 1, word: 12, more: ["count", 1, bits(4)] },
  /* 7 */ { kind: kinds.prototype, count: 1, word: 0, more: ["of", 5] },
  /* 8 */ { name: "iterate", kind: kinds.func, word: 7 },
  /* 9 */ {
    name: "packed",
    kind: kinds.struct,
    count: 2,
    flag: hasBitFields,
    word: 16,
    more: ["narrow", 1, 3 * 2 ** 24, "wide", 1, bits(8)],
  },
];

/** Whether types can be read and searched, or are refused. @throws Error when they are neither */
function isUnderstood(bytes: Uint8Array): boolean {
  try {
    const parsed = parseBtf(bytes);
    for (const name of ["mm", "packed", "counter"]) parsed.findMember(parsed.findStruct(name) ?? 0, "count");
    return true;
  } catch (error) {
    assert.ok(error instanceof ParseError, String(error));
    return false;
  }
}

describe("types of a kernel", () => {
  const found = parseBtf(btf(types));
  const mm = found.findStruct("mm") ?? 0;

  it("are found by their names and kinds", () => {
    assert.equal(mm, 5);
    assert.equal(found.findFunction("iterate"), 8);
    assert.equal(found.findStruct("iterate"), undefined);
    assert.equal(found.findStruct("nothing"), undefined);
    assert.equal(found.findStruct("coun"), undefined);
  });

  it("tell where members lie, those of nameless unions too, looking through other names for a type", () => {
    assert.deepEqual(found.findMember(mm, "flags"), { offset: 0, type: 1 });
    assert.deepEqual(found.findMember(mm, "deep"), { offset: 8, type: 1 });
    assert.equal(found.findMember(mm, "count"), undefined);
  });

  it("tell what an array consists of, and how large that is", () => {
    const stat = found.findMember(mm, "stat");
    assert.deepEqual(stat, { offset: 16, type: 3 });
    const counter = found.elementOf(stat?.type ?? 0) ?? 0;
    assert.equal(found.sizeOf(counter), 12);
    assert.equal(found.findMember(counter, "count")?.offset, 4);
    assert.equal(found.elementOf(mm), undefined);
  });

  it("have no place for a bit field, and one for the members beside it", () => {
    const packed = found.findStruct("packed") ?? 0;
    assert.equal(found.findMember(packed, "narrow"), undefined);
    assert.equal(found.findMember(packed, "wide")?.offset, 8);
  });

  it("are read in the byte order of their machine", () => {
    const big = parseBtf(btf(types, false));
    assert.deepEqual(big.findMember(big.findStruct("mm") ?? 0, "stat"), { offset: 16, type: 3 });
  });

  it("that lead back to themselves end somewhere", () => {
    const circle = parseBtf(
      btf([
        { name: "t", kind: kinds.typedef, word: 1 },
        { name: "s", kind: kinds.struct, count: 2, word: 8, more: ["", 2, 0, "m", 1, 0] },
      ]),
    );
    assert.equal(circle.findMember(2, "m")?.offset, 0);
    assert.equal(circle.findMember(2, "s"), undefined);
  });

  it(`that are cut off or damaged are refused as such, or understood (SEED=${seed})`, () => {
    const whole = btf(types);
    const damage = fc.record({
      size: fc.nat(whole.length),
      places: fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
    });
    let refusals = 0;
    fc.assert(
      fc.property(damage, ({ size, places }) => {
        const bytes = whole.slice(0, size);
        for (const [at, value] of places) bytes.fill(value, at, at + 1);
        if (!isUnderstood(bytes)) refusals += 1;
      }),
      { seed, numRuns: 2000 },
    );
    assert.ok(refusals > 500);
  });

  const live = "/sys/kernel/btf/vmlinux";

  it("of the kernel that runs us lie where its own structs end", { skip: !existsSync(live) && "no BTF here" }, () => {
    const kernel = parseBtf(readFileSync(live));
    for (const [struct, member] of [
      ["task_struct", "mm"],
      ["mm_struct", "pgtables_bytes"],
      ["signal_struct", "oom_score_adj"],
    ] as const) {
      const id = kernel.findStruct(struct) ?? 0;
      const { offset = -1 } = kernel.findMember(id, member) ?? {};
      assert.ok(offset > 0 && offset < kernel.sizeOf(id), `${struct}.${member} at ${offset}`);
    }
  });
});
