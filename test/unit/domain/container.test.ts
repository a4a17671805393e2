import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { containerIn } from "#domain/container.ts";
import { cgroupPath } from "#domain/units.ts";

const id = "3f1c9e5b7a2d4860".repeat(4);
const other = "a0b1c2d3e4f50617".repeat(4);

const found = (path: string): string => {
  const container = containerIn(cgroupPath(path));
  return container === undefined ? "none" : `${container.runtime} ${container.id}`;
};

describe("a container is known by its cgroup", () => {
  const layouts: readonly (readonly [what: string, path: string, expected: string])[] = [
    ["docker with systemd", `/system.slice/docker-${id}.scope`, `docker ${id}`],
    ["docker without systemd", `/docker/${id}`, `docker ${id}`],
    ["a cgroup made inside of it", `/system.slice/docker-${id}.scope/init`, `docker ${id}`],
    ["docker in docker: the innermost", `/docker/${id}/docker/${other}`, `docker ${other}`],
    ["rootless docker", `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${id}.scope`, `docker ${id}`],
    ["podman", `/machine.slice/libpod-${id}.scope/container`, `podman ${id}`],
    [
      "podman in a pod",
      `/machine.slice/machine-libpod_pod_${other}.slice/libpod-${id}.scope/container`,
      `podman ${id}`,
    ],
    ["podman without systemd", `/libpod_parent/libpod-${id}`, `podman ${id}`],
    [
      "kubernetes with containerd",
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod9d81_f4.slice/cri-containerd-${id}.scope`,
      `containerd ${id}`,
    ],
    [
      "containerd told a systemd path without systemd",
      `/system.slice/containerd.service/kubepods-besteffort-pod9d81.slice:cri-containerd:${id}`,
      `containerd ${id}`,
    ],
    ["kubernetes with cri-o", `/kubepods.slice/kubepods-pod9d81.slice/crio-${id}.scope`, `cri-o ${id}`],
    ["kubernetes with docker", `/kubepods.slice/kubepods-pod9d81.slice/docker-${id}.scope`, `docker ${id}`],
    [
      "kubernetes that names no runtime",
      `/kubepods/burstable/pod9d81c0de-0b0b-4a4a-9c9c-123456789abc/${id}`,
      `kubernetes ${id}`,
    ],
    ["nerdctl", `/system.slice/nerdctl-${id}.scope`, `containerd ${id}`],
    ["lxc and Incus", "/lxc.payload.build-host/system.slice/cron.service", "lxc build-host"],
    ["lxc 3 and Proxmox", "/lxc/101/ns/init.scope", "lxc 101"],
    ["libvirt's lxc", "/machine.slice/machine-lxc\\x2d4711\\x2dweb\\x2d1.scope", "lxc web-1"],
    ["nspawn by machinectl", "/machine.slice/machine-debian\\x2dtest.scope/payload/init.scope", "nspawn debian-test"],
    ["nspawn as a service", "/machine.slice/systemd-nspawn@fedora.service/payload", "nspawn fedora"],
  ];
  for (const [what, path, expected] of layouts) it(what, () => assert.equal(found(path), expected));
});

describe("nobody is taken for a container who is none", () => {
  const layouts: readonly (readonly [what: string, path: string])[] = [
    ["a login", "/user.slice/user-1000.slice/session-2.scope"],
    ["the engine of docker", "/system.slice/docker.service"],
    ["podman's own watcher", `/machine.slice/libpod-conmon-${id}.scope`],
    ["cri-o's own watcher", `/kubepods.slice/kubepods-pod9d81.slice/crio-conmon-${id}.scope`],
    ["lxc's own watcher", "/lxc.monitor.build-host"],
    ["nspawn's own supervisor", "/machine.slice/systemd-nspawn@fedora.service/supervisor"],
    ["a virtual machine of libvirt", "/machine.slice/machine-qemu\\x2d1\\x2dwin11.scope/libvirt/vcpu0"],
    ["what only begins like one", `/system.slice/docker-${id}.scope.old`],
    ["an id that is none", "/docker/buildkit"],
    ["the root", "/"],
  ];
  for (const [what, path] of layouts) it(what, () => assert.equal(found(path), "none"));
});
