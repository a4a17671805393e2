import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { readXattr, writeXattr } from "#native-bindings/xattr.ts";
import { lacksXattrs } from "#test/support/needs.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-xattr-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "file");
writeFileSync(file, "");

const skip = lacksXattrs(file, "user.tidemark_probe");

describe("an extended attribute", () => {
  it("is read as it was written", { skip }, () => {
    writeXattr(file, "user.oomd_kill", "17");
    assert.equal(readXattr(file, "user.oomd_kill"), "17");
    writeXattr(file, "user.oomd_kill", "18");
    assert.equal(readXattr(file, "user.oomd_kill"), "18");
  });

  it("that is not set, or too long to be a flag or a count, is none", { skip }, () => {
    assert.equal(readXattr(file, "user.nobody_set_it"), undefined);
    writeXattr(file, "user.long", "x".repeat(65));
    assert.equal(readXattr(file, "user.long"), undefined);
    writeXattr(file, "user.long", "x".repeat(64));
    assert.equal(readXattr(file, "user.long")?.length, 64);
  });

  it("of a file that is not there is a failure that names both", () => {
    const missing = join(folder, "missing");
    const expected = { call: "getxattr", errno: "ENOENT", subject: `user.oomd_omit of ${missing}` };
    assert.throws(() => readXattr(missing, "user.oomd_omit"), expected);
    assert.throws(() => writeXattr(missing, "user.oomd_kill", "1"), { call: "setxattr", errno: "ENOENT" });
  });
});
