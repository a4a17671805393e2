import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { type KiB, kibToMiB } from "#domain/units.ts";
import { cacheFolder } from "./cache.ts";
import { runHost } from "./host.ts";

const mebibyte = 1024 * 1024;
/** Sizes of data are rounded up to this, so that few images do. */
const stepMiB = 128;

/** A disk with a file on it, `file`, of at least `size`, and room for as much as `written`; made once for each size. @returns its image */
export function makeDataImage(size: KiB, written: KiB): string {
  const rounded = (amount: KiB): number => Math.ceil(kibToMiB(amount) / stepMiB) * stepMiB;
  const [sizeMiB, roomMiB] = [Math.max(rounded(size), stepMiB), rounded(written)];
  const image = join(cacheFolder(), `data-${sizeMiB}-${roomMiB}.img`);
  if (existsSync(image)) return image;
  const work = mkdtempSync(join(cacheFolder(), "data-"));
  const tree = join(work, "tree");
  mkdirSync(tree);
  fill(join(tree, "file"), sizeMiB);
  const made = join(work, "image");
  const total = `${Math.round((sizeMiB + roomMiB) * 1.05) + 24}M`;
  runHost("mke2fs", ["-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-d", tree, made, total]);
  renameSync(made, image);
  rmSync(work, { recursive: true });
  return image;
}

/** Not with zeros: blocks of zeros are not stored, and reading them costs the guest's disk nothing. */
function fill(path: string, sizeMiB: number): void {
  const file = openSync(path, "w");
  const block = Buffer.alloc(mebibyte, "tidemark ");
  for (let written = 0; written < sizeMiB; written += 1) writeSync(file, block);
  closeSync(file);
}

/** A disk with nothing on it. */
export function makeEmptyImage(image: string, size: KiB): void {
  const file = openSync(image, "w");
  ftruncateSync(file, Math.ceil(kibToMiB(size)) * mebibyte);
  closeSync(file);
}
