import { errnoNumber, refusal } from "./errno.ts";
import { closeFd, type Fd } from "./file.ts";
import { mapShared } from "./shared-memory.ts";
import { callKernel } from "./syscall.ts";

/** linux/bpf.h: enum bpf_cmd, bpf_prog_type and bpf_attach_type */
const commands = { load: 5, createLink: 28, createIterator: 33 };
const programType = 26;
const attachType = 28;
/** What is said of its license: the helper that writes records is for programs under the GPL, or also under it. */
const license = "Dual MIT/GPL\0";
const instructionSize = 8;
/** linux/bpf.h: BPF_OBJ_NAME_LEN, with a NUL. */
const nameSize = 16;
/** What is used here of union bpf_attr; the kernel takes what is missing for zeros. */
const attributesSize = 120;
/** Where in a mapping of ours the rest lies. */
const place = { license: 128, code: 256 };
const mappingSize = 4096;

/** A program that is called for each thing of a kind the kernel lists. */
export interface IteratorProgram {
  readonly name: string;
  /** struct bpf_insn, one after the other; at most 480 of them. */
  readonly code: Uint8Array;
  /** The BTF type of the function `bpf_iter_…`, whose arguments it gets. */
  readonly target: number;
}

/**
 * Has a program checked by the kernel and made ready to be run as often as wanted, until the descriptor is closed.
 * @throws SystemError EPERM without CAP_BPF and CAP_PERFMON, EINVAL where this kernel cannot do that, ENOSYS without BPF
 * @since Linux 5.8
 */
export function openIteratorLink({ name, code, target }: IteratorProgram): Fd {
  if (code.length > mappingSize - place.code) throw refusal("bpf", errnoNumber("E2BIG"), name);
  const program = callBpf("load", name, ({ attributes, bytes, addressOf }) => {
    bytes.set(new TextEncoder().encode(license), place.license);
    bytes.set(code, place.code);
    attributes.setUint32(0, programType, true);
    attributes.setUint32(4, code.length / instructionSize, true);
    attributes.setBigUint64(8, addressOf(place.code), true);
    attributes.setBigUint64(16, addressOf(place.license), true);
    bytes.set(new TextEncoder().encode(name).subarray(0, nameSize - 1), 48);
    attributes.setUint32(68, attachType, true);
    attributes.setUint32(108, target, true);
  });
  try {
    return callBpf("createLink", name, ({ attributes }) => {
      attributes.setUint32(0, program, true);
      attributes.setUint32(8, attachType, true);
    });
  } finally {
    closeFd(program);
  }
}

/** Begins a list: what is read from it until its end is what the program writes. @throws SystemError */
export const openIterator = (link: Fd): Fd =>
  callBpf("createIterator", `descriptor ${link}`, ({ attributes }) => attributes.setUint32(0, link, true));

/** Memory that a call refers to by address. */
interface Request {
  readonly attributes: DataView;
  readonly bytes: Uint8Array;
  addressOf(offset: number): bigint;
}

function callBpf(command: keyof typeof commands, subject: string, write: (request: Request) => void): Fd {
  using memory = mapShared(mappingSize);
  write({
    attributes: new DataView(memory.buffer),
    bytes: new Uint8Array(memory.buffer),
    addressOf: (offset) => memory.address + BigInt(offset),
  });
  const result = callKernel("bpf", [commands[command], memory.address, attributesSize]);
  if ("errno" in result) throw refusal("bpf", result.errno, subject);
  return result.value as Fd;
}
