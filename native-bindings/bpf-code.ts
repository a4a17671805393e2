/**
 * A register of a BPF program: r0 answers, r1 is its context at the beginning, r1 to r5 are arguments of calls and lost in them, r6 to r9
 * are kept, r10 is the end of its stack. @see Documentation/bpf/standardization/instruction-set.rst
 */
export type Register = (typeof registers)[number];

const registers = ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10"] as const;

/** Bytes that are loaded or stored at once. */
export type Width = keyof typeof widths;

const widths = { 1: 0x10, 2: 0x08, 4: 0x00, 8: 0x18 } as const;

/** Where something lies: so many bytes from what a register points to. */
export interface Place {
  readonly base: Register;
  readonly offset: number;
}

/** A program that is being written. Every jump leads to its end, where it answers 0. */
export interface BpfCode {
  load(to: Register, from: Place, width: Width): void;
  store(to: Place, from: Register, width: Width): void;
  copy(to: Register, from: Register): void;
  set(to: Register, value: number): void;
  add(to: Register, from: Register | number): void;
  /** Without regard to a sign. */
  shiftRight(to: Register, bits: number): void;
  and(to: Register, mask: number): void;
  endIfZero(register: Register): void;
  endUnlessZero(register: Register): void;
  endUnlessSame(a: Register, b: Register): void;
  /** What `write` writes is left out when both are the same. */
  unlessSame(a: Register, b: Register, write: () => void): void;
  call(helper: number): void;
  /** With the end. */
  finish(): Uint8Array;
}

const size = 8;
/** linux/bpf_common.h and linux/bpf.h: classes, modes and operations as far as they are used here. */
const op = {
  load: 0x61,
  store: 0x63,
  copy: 0xbf,
  set: 0xb7,
  add: 0x0f,
  addNumber: 0x07,
  shiftRight: 0x77,
  and: 0x57,
  jumpIfEqual: 0x1d,
  jumpIfEqualNumber: 0x15,
  jumpUnlessEqual: 0x5d,
  jumpUnlessEqualNumber: 0x55,
  call: 0x85,
  exit: 0x95,
} as const;

interface Instruction {
  readonly code: number;
  readonly to?: Register;
  readonly from?: Register;
  readonly offset?: number;
  readonly value?: number;
}

/** An empty program. */
export function writeBpf(): BpfCode {
  const instructions: Instruction[] = [];
  const toEnd = new Set<number>();
  const add = (instruction: Instruction): void => void instructions.push(instruction);
  const jumpToEnd = (instruction: Instruction): void => {
    toEnd.add(instructions.length);
    add(instruction);
  };
  return {
    load: (to, { base, offset }, width) => add({ code: op.load | widths[width], to, from: base, offset }),
    store: ({ base, offset }, from, width) => add({ code: op.store | widths[width], to: base, from, offset }),
    copy: (to, from) => add({ code: op.copy, to, from }),
    set: (to, value) => add({ code: op.set, to, value }),
    add: (to, from) =>
      add(typeof from === "number" ? { code: op.addNumber, to, value: from } : { code: op.add, to, from }),
    shiftRight: (to, value) => add({ code: op.shiftRight, to, value }),
    and: (to, value) => add({ code: op.and, to, value }),
    endIfZero: (to) => jumpToEnd({ code: op.jumpIfEqualNumber, to }),
    endUnlessZero: (to) => jumpToEnd({ code: op.jumpUnlessEqualNumber, to }),
    endUnlessSame: (to, from) => jumpToEnd({ code: op.jumpUnlessEqual, to, from }),
    unlessSame(to, from, write) {
      const at = instructions.length;
      add({ code: op.jumpIfEqual, to, from });
      write();
      instructions[at] = { code: op.jumpIfEqual, to, from, offset: instructions.length - at - 1 };
    },
    call: (helper) => add({ code: op.call, value: helper }),
    finish() {
      const end = instructions.length;
      add({ code: op.set, to: "r0", value: 0 });
      add({ code: op.exit });
      return encode(instructions.map((each, at) => (toEnd.has(at) ? { ...each, offset: end - at - 1 } : each)));
    },
  };
}

/** struct bpf_insn, in the byte order of the machines Node runs on here: little-endian. */
function encode(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * size);
  const view = new DataView(bytes.buffer);
  for (const [index, { code, to = "r0", from = "r0", offset = 0, value = 0 }] of instructions.entries()) {
    const at = index * size;
    view.setUint8(at, code);
    view.setUint8(at + 1, registers.indexOf(to) | (registers.indexOf(from) << 4));
    view.setInt16(at + 2, offset, true);
    view.setInt32(at + 4, value, true);
  }
  return bytes;
}
