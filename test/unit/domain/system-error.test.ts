import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import { describeFailure, SystemError, type SystemFailure } from "#domain/system-error.ts";

const failure: SystemFailure = {
  call: "pidfd_send_signal",
  errno: "EPERM",
  subject: "pid 42",
  advice: "run as root, or grant CAP_KILL",
};

test("a failure says what was tried, on what, what was found and what to do", () => {
  equal(describeFailure(failure), "Cannot pidfd_send_signal pid 42: EPERM; run as root, or grant CAP_KILL");
});

test("an error is a failure: whoever catches it can pass it on as data", () => {
  const { call, errno, subject, advice, message, name } = new SystemError(failure);
  deepEqual({ call, errno, subject, advice }, failure);
  equal(message, describeFailure(failure));
  equal(name, "SystemError");
});

test("the cause is kept", () => {
  const cause = new Error("from below");
  const error = new SystemError(failure, { cause });
  equal(error.cause, cause);
  ok(error instanceof Error);
});
