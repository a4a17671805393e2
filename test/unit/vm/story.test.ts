import { deepEqual, doesNotThrow, equal, match, ok, throws } from "node:assert/strict";
import { describe, test } from "node:test";
import { castOf } from "#test/vm/cast.ts";
import { earlyoomGuard, tidemarkGuard } from "#test/vm/guards.ts";
import { commandLineOf, limitDisks, preparation } from "#test/vm/preparation.ts";
import { readStory, storyNames, understandStory } from "#test/vm/story.ts";

const story = (rest: string): string => `
title = "A story"
duration = "5s"
ram = "1GiB"
expect = { kills = "none" }
${rest}
[[process]]
name = "editor"
uid = 1000
text = "1MiB"
`;

describe("a story", () => {
  test("is a scenario, and what only a guest can be told", () => {
    const { sysctls, file } = understandStory("x", `${story("")}\n[sysctl]\n"vm.swappiness" = 7\n`);
    deepEqual(sysctls, { "vm.swappiness": 7 });
    deepEqual(
      file.scenario.processes.map(({ name }) => name),
      ["editor"],
    );
  });

  test("is refused where it expects nothing", () => {
    const text = story("").replace(/^expect.*$/m, "");
    throws(() => understandStory("x", text), { message: "x.toml does not say how it has to end: add [expect]" });
  });

  test("is refused with the name of its file", () => {
    throws(() => understandStory("x", story("nonsense = 1")), /^Error: x\.toml: .*nonsense/);
  });

  test("is refused a setting of the kernel that is no number and no text", () => {
    throws(() => understandStory("x", `${story("")}\n[sysctl]\na = [1]\n`), /sysctl a is no number and no text/);
  });
});

describe("a guest", () => {
  const prepared = (rest: string): string => {
    const told = understandStory("x", story(rest));
    return preparation(told, castOf(told.file.scenario), earlyoomGuard);
  };
  const limits = (rest: string): string => {
    const { scenario } = understandStory("x", story(rest)).file;
    return limitDisks(scenario, castOf(scenario), earlyoomGuard);
  };

  test("swaps to the disks after the data", () => {
    ok(prepared(`swap = { kind = "disk", size = "64MiB" }`).includes("swapon /dev/vdc"));
  });

  test("has the files that somebody works on read in his own cgroup, as MGLRU takes only what comes back there for a refault", () => {
    const text = prepared(`[[process]]\nname = "first"\nuid = 1000\ntext = "2MiB"\n`);
    const second = "skip=32 count=16";
    match(text, /^\(echo 0 > \/sys\/fs\/cgroup\/user\.slice\/\S+\/cgroup\.procs; dd .* skip=0 count=32 .*\)$/m);
    ok(text.includes(second), second);
  });

  test("has its disks held to a number of transfers, in all slices and the guard's", () => {
    const text = limits(`disk_latency = "2ms"`);
    for (const slice of ["user.slice", "system.slice"]) {
      ok(text.includes(`echo "$(cat /sys/block/vdb/dev) riops=500 wiops=500" > /sys/fs/cgroup/${slice}/io.max`), text);
    }
  });

  test("has fast disks unless the story says otherwise", () => {
    equal(limits(""), "");
  });

  test("boots without pressure for a story that lacks it, and can lack nothing else", () => {
    const { scenario } = understandStory("x", story(`lacks = ["pressure"]`)).file;
    equal(commandLineOf(scenario), "cgroup_no_v1=all psi=0");
    throws(() => commandLineOf({ ...scenario, lacks: ["mem-available"] }), /Cannot take mem-available from a kernel/);
  });
});

describe("stories of test/vm/scenarios", () => {
  for (const name of storyNames()) {
    test(`${name} can be played in a guest`, () => {
      const told = readStory(name);
      const { scenario } = told.file;
      doesNotThrow(
        () =>
          preparation(told, castOf(scenario), tidemarkGuard) +
          limitDisks(scenario, castOf(scenario), tidemarkGuard) +
          commandLineOf(scenario),
      );
    });
  }
});
