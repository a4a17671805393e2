import assert from "node:assert/strict";
import { closeSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { CannotRecord, makeNewFile } from "#recorded/new-file.ts";
import { recordingFolder } from "#test/support/a-recording.ts";

const folder = recordingFolder();
after(() => folder.remove());

const make = (path: string, replaces = false): void => closeSync(makeNewFile(path, { replaces }));
const refusal = (path: string, replaces = false): string => {
  try {
    make(path, replaces);
  } catch (error) {
    if (error instanceof CannotRecord) return error.message;
    throw error;
  }
  return assert.fail("it was made");
};

describe("the file of a recording", () => {
  it("is its owner's alone to read", () => {
    const path = folder.path();
    make(path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it("never takes the place of another unasked", () => {
    const path = folder.path();
    writeFileSync(path, "precious");
    assert.match(
      refusal(path),
      /a file of that name is there; name another one, put \{time\} into its name, or give --force/,
    );
    assert.equal(readFileSync(path, "utf8"), "precious");
    make(path, true);
    assert.equal(readFileSync(path, "utf8"), "");
  });

  it("is never written through a link, asked or not", () => {
    const [target, link, dangling] = [folder.path(), folder.path(), folder.path()];
    writeFileSync(target, "precious");
    symlinkSync(target, link);
    symlinkSync(folder.path(), dangling);
    for (const path of [link, dangling]) {
      assert.match(refusal(path), /what is there is no regular file; name another file/);
      assert.match(refusal(path, true), /no regular file/);
    }
    assert.equal(readFileSync(target, "utf8"), "precious");
  });

  it("cannot be a folder, or lie in one that is not there", () => {
    const path = folder.path();
    mkdirSync(path);
    assert.match(refusal(path, true), /no regular file/);
    assert.match(refusal(`${path}/no/such.tape`), /ENOENT; name a file in a folder that exists/);
  });
});
