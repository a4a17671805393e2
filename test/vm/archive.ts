/** A file of a guest: where it lies, and what is in it. */
export interface GuestFile {
  readonly path: string;
  readonly content: string | Buffer;
  readonly isProgram?: boolean;
}

/** What the mode of an inode begins with; stat.h. */
const folderMode = 0o040755;
const fileMode = 0o100644;
const programMode = 0o100755;

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);

/** @see Documentation/driver-api/early-userspace/buffer-format.rst: thirteen fields of eight hexadecimal digits */
function entry(path: string, mode: number, content: Buffer): Buffer {
  const name = Buffer.from(`${path}\0`);
  const [owner, links, none] = [0, 1, 0];
  const fields = [none, mode, owner, owner, links, none, content.length, none, none, none, none, name.length, none];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(content)]);
}

/** The folders that files lie in, those above first. */
function foldersOf(files: readonly GuestFile[]): readonly string[] {
  const above = (path: string): readonly string[] =>
    path
      .split("/")
      .slice(1, -1)
      .map((_, index, names) => names.slice(0, index + 1).join("/"));
  return [...new Set(files.flatMap(({ path }) => above(path)))];
}

/** Files as the kernel unpacks them when it starts: an initramfs, everything in it root's. */
export function archive(files: readonly GuestFile[]): Buffer {
  return Buffer.concat([
    ...foldersOf(files).map((folder) => entry(folder, folderMode, Buffer.alloc(0))),
    ...files.map(({ path, content, isProgram }) =>
      entry(path.slice(1), isProgram === true ? programMode : fileMode, Buffer.from(content)),
    ),
    entry("TRAILER!!!", 0, Buffer.alloc(0)),
  ]);
}
