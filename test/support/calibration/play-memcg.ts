import { kibToBytes } from "#domain/units.ts";
import { makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import type { Actor } from "./actors.ts";
import type { Moment } from "./moments.ts";
import { perform } from "./perform.ts";
import { scenarioOf } from "./read-story.ts";
import type { MemcgStory } from "./stories.ts";
import { kernelKillsIn, momentsOfProcesses, startWatcher } from "./watch.ts";

/** Plays a story once in a private memcg of this machine, with nobody but the kernel to end it. Returns what happened. */
export async function playInMemcg(story: MemcgStory): Promise<readonly Moment[]> {
  const scenario = scenarioOf(story);
  const [cgroup, ...others] = scenario.cgroups ?? [];
  if (cgroup?.max === undefined || others.length > 0) {
    throw new RangeError(`Cannot play ${story.name}: its scenario needs one cgroup, with max`);
  }
  const actors: Actor[] = [];
  await using memcg = makeV1Cgroup("memory");
  memcg.write("memory.limit_in_bytes", String(kibToBytes(cgroup.max)));
  const watcher = startWatcher(memcg.path);
  const kills = () => Number(/^oom_kill (\d+)/m.exec(memcg.read("memory.oom_control"))?.[1] ?? 0);
  try {
    const isOver = () => kills() === story.kills;
    await perform(scenario, { watcher, memcg: memcg.path, actors, isOver });
    const seen = await watcher.finish();
    return [...momentsOfProcesses(seen), ...kernelKillsIn(seen)];
  } finally {
    for (const actor of actors) await actor.end();
  }
}
