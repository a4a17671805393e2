import type { CheckUp, Diagnosis } from "./diagnosis.ts";

const topic = "cgroups";

/** Which memcgs can be watched, and how well. */
export const examineCgroups: CheckUp = ({ surroundings: { memoryControl }, plan }) => {
  const watches = plan.memcgs.length > 0;
  switch (memoryControl) {
    case "cgroup-v2":
      return [{ topic, severity: "fine", finding: "memory is controlled by cgroup v2" }];
    case "cgroup-v1":
      return [onV1(watches)];
    case "none":
      return [uncontrolled(watches)];
  }
};

const onV1 = (watches: boolean): Diagnosis => ({
  topic,
  severity: watches ? "warning" : "note",
  finding: "memory is controlled by cgroup v1",
  consequence: "memcgs have no pressure of their own, no memory.oom.group and no memory.reclaim",
  advice: "boot with systemd.unified_cgroup_hierarchy=1, or cgroup_no_v1=all",
});

const uncontrolled = (watches: boolean): Diagnosis => ({
  topic,
  severity: watches ? "fault" : "note",
  finding: "no hierarchy of cgroups controls memory",
  consequence: watches ? "no memcg of the settings is watched" : "no memcg could be watched",
  advice: "mount cgroup2 with the memory controller, as systemd does; boot without cgroup_disable=memory",
});
