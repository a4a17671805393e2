import { readFileSync } from "node:fs";
import { join } from "node:path";
import { archive, type GuestFile } from "./archive.ts";
import type { Kernel } from "./kernel.ts";
import { folderIn, unpackPackage } from "./packages.ts";

/** Loads what is needed, mounts the root disk, takes the story along, and hands over to the root disk's `/init`. */
const init = (modules: readonly string[]): string => `#!/bin/busybox sh
/bin/busybox mkdir -p /proc /dev /root
/bin/busybox mount -t devtmpfs dev /dev
${modules.map((name) => `/bin/busybox insmod /modules/${name}.ko || echo "cannot load ${name}"`).join("\n")}
for wait in $(/bin/busybox seq 500); do [ -b /dev/vda ] && break; /bin/busybox sleep 0.02; done
/bin/busybox mount -t ext4 -o noatime /dev/vda /root
/bin/busybox cp -r /story /root/
exec /bin/busybox switch_root /root /init
`;

/** One that needs no libraries. */
export const busyboxPackage = "busybox-static";

/** Where it lies, on the host. */
export const busyboxPath = (): string => join(folderIn(unpackPackage(busyboxPackage), "bin"), "busybox");

/** What a kernel boots from: it finds the root disk, and puts the files of a story, below `/story`, onto it. */
export const initramfs = ({ modules }: Kernel, story: readonly GuestFile[]): Buffer =>
  archive([
    { path: "/bin/busybox", content: readFileSync(busyboxPath()), isProgram: true },
    ...modules.map(({ name, content }) => ({ path: `/modules/${name}.ko`, content })),
    { path: "/init", content: init(modules.map(({ name }) => name)), isProgram: true },
    ...story,
  ]);
