import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { inOrder } from "#test/vm/kernel.ts";

const says = (depends: string) => Buffer.from(`\x7fELF\0license=GPL\0depends=${depends}\0name=x\0`, "latin1");
const modules = new Map([
  ["virtio_pci", says("virtio,virtio_ring,virtio-pci-modern")],
  ["virtio", says("virtio_ring")],
  ["virtio_ring", says("")],
  ["virtio_pci_modern", says("")],
  ["zram", says("built_in")],
]);
const orderOf = (...wanted: readonly string[]): readonly string[] =>
  inOrder(wanted, (name) => {
    const content = modules.get(name);
    return content && { name, content };
  }).map(({ name }) => name);

test("a module is loaded once, after all that it says it needs", () => {
  deepEqual(orderOf("virtio_pci", "virtio"), ["virtio_ring", "virtio", "virtio_pci_modern", "virtio_pci"]);
});

test("what a kernel has built in is no file, and is not loaded", () => {
  deepEqual(orderOf("virtio_blk", "zram"), ["zram"]);
});
