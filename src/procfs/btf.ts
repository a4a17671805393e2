/*
 * /sys/kernel/btf/vmlinux: the types of the running kernel, in its own byte order.
 *
 * struct btf_header, then a section of types, one after the other, numbered from 1 on, and one of their names. @see Documentation/bpf/btf.rst
 */
import { ParseError } from "./parse-error.ts";

/** A type by its number; 0 is void. */
export type TypeId = number;

/** Where a member lies, and what it is once its name is looked through: `typedef`, `const` and their like. */
export interface MemberPlace {
  /** In bytes from the beginning of its struct. */
  readonly offset: number;
  readonly type: TypeId;
}

/** The types of a kernel. */
export interface KernelTypes {
  /** Undefined: there is no struct of that name. */
  findStruct(name: string): TypeId | undefined;
  /** Undefined: there is no function of that name. */
  findFunction(name: string): TypeId | undefined;
  /** A member by its name, be it in a struct without a name inside this one. Undefined: there is none, or it is a bit field. */
  findMember(struct: TypeId, name: string): MemberPlace | undefined;
  /** What an array consists of. Undefined: it is no array. */
  elementOf(type: TypeId): TypeId | undefined;
  /** In bytes, of a struct. */
  sizeOf(struct: TypeId): number;
}

const file = "btf/vmlinux";
const magic = 0xeb9f;
const headerSize = 24;
const wordSize = 4;
const typeSize = 3 * wordSize;
const memberSize = 3 * wordSize;

/** linux/btf.h: BTF_KIND_… */
const kinds = { array: 3, struct: 4, union: 5, function: 12 };
/** What only gives another type a name or a quality: typedef, volatile, const, restrict, type tag. */
const lookedThrough = new Set([8, 9, 10, 11, 18]);
/** What follows a type, in words: always, and for each of its members. */
const trailing: Readonly<Record<number, number>> = { 1: 1, [kinds.array]: 3, 14: 1, 17: 1 };
const trailingEach: Readonly<Record<number, number>> = {
  [kinds.struct]: 3,
  [kinds.union]: 3,
  6: 2,
  13: 2,
  15: 3,
  19: 3,
};
/** The last kind there is (Linux 6.18). */
const lastKind = 19;
/** No type of a kernel lies deeper in others; one that leads back to itself would be damage. */
const mostDepth = 32;

/** @throws ParseError */
export function parseBtf(bytes: Uint8Array): KernelTypes {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expect = (isTrue: boolean, offset: number, expected: string): void => {
    if (!isTrue) throw new ParseError({ file, offset, line: 1, expected, found: "something else" });
  };
  expect(bytes.length >= headerSize, 0, `a header of ${headerSize} bytes`);
  const isLittle = view.getUint16(0, true) === magic;
  expect(view.getUint16(0, isLittle) === magic, 0, "the magic number of BTF");
  const word = (at: number): number => view.getUint32(at, isLittle);
  const begin = word(4);
  const types = { start: begin + word(8), end: begin + word(8) + word(12) };
  const names = { start: begin + word(16), end: begin + word(16) + word(20) };
  expect(types.end <= bytes.length && names.end <= bytes.length, headerSize, "sections that lie within the file");

  const kindAt = (at: number): number => (word(at + wordSize) >>> 24) & 0x1f;
  const countAt = (at: number): number => word(at + wordSize) & 0xffff;
  const places = findTypes();
  const placeOf = (type: TypeId): number => places[type] ?? 0;

  /** Where each type lies; the first, void, lies nowhere. */
  function findTypes(): Uint32Array {
    const found = new Uint32Array((types.end - types.start) / typeSize + 1);
    let count = 1;
    for (let at = types.start; at < types.end; count += 1) {
      expect(at + typeSize <= types.end, at, "a whole type");
      const kind = kindAt(at);
      expect(kind > 0 && kind <= lastKind, at, "a kind of type that is known");
      found[count] = at;
      at += typeSize + wordSize * ((trailing[kind] ?? 0) + countAt(at) * (trailingEach[kind] ?? 0));
      expect(at <= types.end, at, "types that end where their section does");
    }
    return found.subarray(0, count);
  }

  /** Names are compared by where they lie: a string is there once. Undefined: nothing is called so. */
  const findName = (name: string): number | undefined => {
    const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(
      `\0${name}\0`,
      names.start,
      "latin1",
    );
    return at >= 0 && at < names.end ? at + 1 - names.start : undefined;
  };

  const findNamed = (name: string, kind: number): TypeId | undefined => {
    const wanted = findName(name);
    if (wanted === undefined) return undefined;
    const found = places.findIndex((at) => at !== 0 && word(at) === wanted && kindAt(at) === kind);
    return found < 0 ? undefined : found;
  };

  const lookThrough = (type: TypeId, depth = 0): TypeId => {
    const at = placeOf(type);
    const isOnlyName = at !== 0 && depth < mostDepth && lookedThrough.has(kindAt(at));
    return isOnlyName ? lookThrough(word(at + 2 * wordSize), depth + 1) : type;
  };

  const isComposite = (type: TypeId): boolean =>
    placeOf(type) !== 0 && [kinds.struct, kinds.union].includes(kindAt(placeOf(type)));

  /** The members that are no bit fields. @see linux/btf.h: with kind_flag, the upper eight bits are the size of one */
  function* membersOf(struct: TypeId): Generator<MemberPlace & { readonly name: number }> {
    const at = placeOf(struct);
    const hasBitFields = word(at + wordSize) >>> 31 === 1;
    for (let n = 0; n < countAt(at); n++) {
      const member = at + typeSize + n * memberSize;
      const bits = word(member + 2 * wordSize);
      const offset = hasBitFields ? bits & 0xff_ffff : bits;
      const isBitField = offset % 8 !== 0 || (hasBitFields && bits >>> 24 !== 0);
      if (!isBitField) yield { name: word(member), offset: offset / 8, type: lookThrough(word(member + wordSize)) };
    }
  }

  const findIn = (struct: TypeId, wanted: number, depth = 0): MemberPlace | undefined => {
    for (const { name, offset, type } of membersOf(struct)) {
      if (name === wanted) return { offset, type };
      const looksInside = name === 0 && depth < mostDepth && isComposite(type);
      const inner = looksInside ? findIn(type, wanted, depth + 1) : undefined;
      if (inner !== undefined) return { ...inner, offset: offset + inner.offset };
    }
    return undefined;
  };

  return {
    findStruct: (name) => findNamed(name, kinds.struct),
    findFunction: (name) => findNamed(name, kinds.function),
    findMember(struct, name) {
      const wanted = findName(name);
      return wanted === undefined || !isComposite(struct) ? undefined : findIn(struct, wanted);
    },
    elementOf(type) {
      const at = placeOf(type);
      return at !== 0 && kindAt(at) === kinds.array ? lookThrough(word(at + typeSize)) : undefined;
    },
    sizeOf: (struct) => (placeOf(struct) === 0 ? 0 : word(placeOf(struct) + 2 * wordSize)),
  };
}
