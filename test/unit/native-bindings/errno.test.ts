import assert from "node:assert/strict";
import { test } from "node:test";
import { errnoName, errnoNumber, refusal } from "#native-bindings/errno.ts";
import { adviceFor } from "#native-bindings/errno-advice.ts";

test("an errno has the name its manual page uses", () => {
  assert.deepEqual([1, 3, 11, 22, 38, 95].map(errnoName), [
    "EPERM",
    "ESRCH",
    "EAGAIN",
    "EINVAL",
    "ENOSYS",
    "EOPNOTSUPP",
  ]);
});

test("a number without a name is shown as it is", () => {
  assert.equal(errnoName(4000), "errno 4000");
});

test("a name this platform does not know is an error, not a number", () => {
  assert.equal(errnoNumber("EPERM"), 1);
  assert.throws(() => errnoNumber("ENOTHING"), RangeError);
});

test("advice of the call itself goes before the general one", () => {
  assert.match(adviceFor("pidfd_send_signal", "EPERM"), /CAP_KILL/);
  assert.match(adviceFor("process_mrelease", "EINVAL"), /shares its memory/);
  assert.match(adviceFor("open", "EOPNOTSUPP"), /psi=1/);
  assert.notEqual(adviceFor("pidfd_open", "EMFILE"), adviceFor("pidfd_open", "ENOMEM"));
});

test("a refusal says what was tried, on what, and what to do", () => {
  const error = refusal("kill", 1, "pid 42");
  assert.equal(error.message, "Cannot kill pid 42: EPERM; Grant CAP_KILL, or run as root");
});
