import { SystemError } from "#domain/system-error.ts";
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
/** As many as libbpf makes. */
const mostTries = 5;
/** linux/bpf.h: BPF_OBJ_NAME_LEN, with a NUL. */
const nameSize = 16;
/** What is used here of union bpf_attr; the kernel takes what is missing for zeros. */
const attributesSize = 120;
/** Where in a mapping of ours the rest lies; what the kernel's verifier has to say comes last. */
const place = { license: 128, code: 256, log: 4096 };
const mappingSize = 65_536;

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
export function openIteratorLink(program: IteratorProgram): Fd {
  const { name } = program;
  const loaded = load(program);
  try {
    return callBpf("createLink", name, ({ attributes }) => {
      attributes.setUint32(0, loaded, true);
      attributes.setUint32(8, attachType, true);
    });
  } finally {
    closeFd(loaded);
  }
}

/** The verifier gives up when a signal comes, and says EAGAIN. @see kernel/bpf/verifier.c: do_check */
function load(program: IteratorProgram): Fd {
  for (let tries = 1; ; tries += 1) {
    try {
      return loadOnce(program);
    } catch (error) {
      if (!(error instanceof SystemError) || error.errno !== "EAGAIN" || tries === mostTries) throw error;
    }
  }
}

function loadOnce({ name, code, target }: IteratorProgram): Fd {
  if (code.length > place.log - place.code) throw refusal("bpf", errnoNumber("E2BIG"), name);
  return callBpf("load", name, ({ attributes, bytes, addressOf }) => {
    bytes.set(new TextEncoder().encode(license), place.license);
    bytes.set(code, place.code);
    attributes.setUint32(0, programType, true);
    attributes.setUint32(4, code.length / instructionSize, true);
    attributes.setBigUint64(8, addressOf(place.code), true);
    attributes.setBigUint64(16, addressOf(place.license), true);
    attributes.setUint32(24, 1, true);
    attributes.setUint32(28, mappingSize - place.log, true);
    attributes.setBigUint64(32, addressOf(place.log), true);
    bytes.set(new TextEncoder().encode(name).subarray(0, nameSize - 1), 48);
    attributes.setUint32(68, attachType, true);
    attributes.setUint32(108, target, true);
  });
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
  const bytes = new Uint8Array(memory.buffer);
  write({
    attributes: new DataView(memory.buffer),
    bytes,
    addressOf: (offset) => memory.address + BigInt(offset),
  });
  const result = callKernel("bpf", [commands[command], memory.address, attributesSize]);
  if ("value" in result) return result.value as Fd;
  throw refusal("bpf", result.errno, [subject, ...complaintIn(bytes.subarray(place.log))].join(": "));
}

/** What the verifier says last before its statistics, where it has said anything. */
function complaintIn(log: Uint8Array): readonly string[] {
  const lines = new TextDecoder().decode(log.subarray(0, log.indexOf(0))).split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("processed ")).slice(-1);
}
