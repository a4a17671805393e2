import { type KiB, type Percent, percentOf } from "#domain/units.ts";

/** An amount of memory as somebody wrote it: only a machine turns it into a size. */
export type Amount =
  | { readonly kind: "auto" }
  | { readonly kind: "size"; readonly size: KiB }
  /** Of user memory: what is available, anonymous or shared. What the kernel keeps for itself is nobody's to share. */
  | { readonly kind: "share"; readonly share: Percent };

/** A size, once the machine is known. Undefined: it was left to `auto`. */
export function resolveAmount(written: Amount, userMemory: KiB): KiB | undefined {
  switch (written.kind) {
    case "auto":
      return undefined;
    case "size":
      return written.size;
    case "share":
      return percentOf(written.share, userMemory);
  }
}
