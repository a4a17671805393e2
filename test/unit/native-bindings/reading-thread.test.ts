import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { bytes, seconds } from "#domain/units.ts";
import { errnoName } from "#native-bindings/errno.ts";
import { closeFd, type Fd, openFile } from "#native-bindings/file.ts";
import { startReadingThread } from "#native-bindings/reading-thread.ts";

const patience = seconds(30);
const folder = mkdtempSync(join(tmpdir(), "tidemark-reading-"));
after(() => rmSync(folder, { recursive: true }));

function openText(name: string, text: string): Fd {
  const path = join(folder, name);
  writeFileSync(path, text);
  return openFile(path);
}

const countThreads = () => readdirSync("/proc/self/task").length;
const countDescriptors = () => readdirSync("/proc/self/fd").length;

describe("a thread for reading", () => {
  it("reads one file after the other from its beginning, as much as it has room for", () => {
    using thread = startReadingThread(bytes(8));
    const [long, short] = [openText("long", "0123456789"), openText("short", "abc")];
    for (const [fd, text] of [
      [long, "01234567"],
      [short, "abc"],
      [long, "01234567"],
    ] as const) {
      const result = thread.read(fd, patience);
      assert.deepEqual(result, { value: text.length });
      assert.equal(new TextDecoder().decode(thread.content.subarray(0, text.length)), text);
      assert.equal(thread.isFree(), true);
    }
    for (const fd of [long, short]) closeFd(fd);
  });

  it("tells why a file cannot be read, and reads on", () => {
    using thread = startReadingThread(bytes(8));
    const [directory, file] = [openFile(folder), openText("file", "abc")];
    const refused = thread.read(directory, patience);
    assert.equal(refused !== undefined && "errno" in refused && errnoName(refused.errno), "EISDIR");
    assert.deepEqual(thread.read(file, patience), { value: 3 });
    for (const fd of [directory, file]) closeFd(fd);
  });

  it("is one thread more while it is there, and leaves nothing open", () => {
    startReadingThread(bytes(8))[Symbol.dispose]();
    const before = [countThreads(), countDescriptors()];
    const thread = startReadingThread(bytes(8));
    assert.equal(countThreads(), (before[0] ?? 0) + 1);
    thread[Symbol.dispose]();
    assert.deepEqual([countThreads(), countDescriptors()], before);
  });
});
