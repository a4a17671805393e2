import assert from "node:assert/strict";
import { factNames, knownValue } from "#domain/snapshot.ts";
import { initPid, kib, mib, oomScoreAdj, subtract, uid } from "#domain/units.ts";
import { findInTable, until } from "#test/support/world.ts";
import type { Claims } from "./claim.ts";

/** What the interpreter of a real hog needs besides. */
const interpreter = mib(80);

/** What a look promises. */
export const senseClaims: Claims = {
  "a look answers what was asked and nothing else": ({ machine }) => {
    for (const fact of factNames) {
      const { takenAt, victims, ...answered } = machine.sense({ needs: [fact], isPressing: true });
      assert.deepEqual(Object.keys(answered), [fact]);
      assert.deepEqual(victims, []);
      assert.ok(takenAt >= 0);
    }
  },

  "a memcg is told to a look that asks for it, with those who are in it and nobody else": async (world) => {
    const { machine, start } = world;
    const [{ hog: inside }, { hog: outside }] = [await start({ isInMemcg: true }), await start()];
    const look = { needs: ["memcgs", "membership"], isPressing: true } as const;
    const [asked, unasked] = [machine.sense({ ...look, watch: [world.memcg()] }), machine.sense(look)];
    const [memcg, ...others] = knownValue(asked.memcgs) ?? [];
    assert.deepEqual([memcg?.named, others], [world.memcg(), []]);
    const [own] = knownValue(asked.membership)?.watched ?? [];
    assert.equal(own?.path, memcg?.path);
    assert.deepEqual([own?.members.has(inside.pid), own?.members.has(outside.pid)], [true, false]);
    assert.deepEqual([knownValue(unasked.memcgs), knownValue(unasked.membership)?.watched], [[], []]);
  },

  "a fact is unavailable exactly when the machine says it lacks it": ({ machine }) => {
    const snapshot = machine.sense({ needs: factNames, isPressing: false });
    for (const fact of factNames) {
      const isThere = fact !== "pressure" || machine.capabilities.hasPressure;
      assert.equal(snapshot[fact]?.kind, isThere ? "known" : "unavailable", fact);
    }
  },

  "time never goes back": async ({ machine }) => {
    let before = machine.now();
    for (let look = 0; look < 20; look += 1) {
      const { takenAt } = machine.sense({ needs: ["meminfo"], isPressing: true });
      const after = machine.now();
      assert.ok(takenAt >= before && after >= takenAt, `${before} ${takenAt} ${after}`);
      await machine.wait(after);
      before = machine.now();
    }
  },

  "a hog is in the table as what it is": async ({ machine, start, parentOfHogs }) => {
    const { hog } = await start({ name: "hog of (claims", size: mib(128), uid: uid(61_234) });
    const process = findInTable(machine, hog);
    assert.ok(process?.memory);
    assert.equal(process.comm, "hog of (claims");
    assert.equal(process.uid, 61_234);
    assert.equal(process.parent, parentOfHogs);
    assert.equal(process.oomScoreAdj, oomScoreAdj(1000));
    assert.equal(process.isKernelThread, false);
    assert.equal(process.isDying, false);
    const { anon, rss, file, shmem } = process.memory;
    assert.ok(anon >= subtract(mib(128), kib(64)) && anon <= mib(128) + interpreter, `anon ${anon}`);
    assert.equal(rss, anon + file + shmem);
  },

  "what takes locks of a process is not read in a hurry, and remembered from calm": async ({ machine, start }) => {
    const { hog } = await start();
    const traits = (isPressing: boolean) => {
      const table = knownValue(machine.sense({ needs: ["processes"], isPressing }).processes);
      return table?.processes.find(({ identity }) => identity.pid === hog.pid)?.traits;
    };
    const remembered = traits(false);
    assert.ok(remembered?.cmdline?.includes("hog"), remembered?.cmdline);
    assert.deepEqual(traits(true), remembered);
  },

  "a stopped hog is shown as stopped": async ({ machine, start }) => {
    const { hog } = await start({ isStopped: true });
    assert.equal(findInTable(machine, hog)?.state, "stopped");
  },

  "those who share memory show the same address space": async ({ machine, start }) => {
    const { hog, sharer } = await start({ sharesMemory: true });
    assert.ok(sharer);
    assert.deepEqual(findInTable(machine, sharer)?.memory?.virtual, findInTable(machine, hog)?.memory?.virtual);
    assert.equal(findInTable(machine, sharer)?.parent, hog.pid);
  },

  "the killer finds itself in the table, and init": ({ machine }) => {
    const table = knownValue(machine.sense({ needs: ["processes"], isPressing: false }).processes);
    assert.ok(table);
    const pids = table.processes.map(({ identity }) => identity.pid);
    assert.ok(pids.includes(table.self));
    assert.ok(pids.includes(initPid));
    assert.equal(new Set(pids).size, pids.length);
  },

  "who has gone is no longer in the table": async ({ machine, start, end }) => {
    const { hog } = await start();
    assert.ok(findInTable(machine, hog));
    end(hog);
    await until(machine, "the hog has left the table", () => findInTable(machine, hog)?.memory === undefined);
  },
};
