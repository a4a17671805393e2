import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "#test/support/repository.ts";
import { runHost } from "#test/vm/host.ts";
import { unpackInto } from "#test/vm/packages.ts";
import { copyInto, copyShippedBuild, librariesOf } from "#test/vm/root-image.ts";

/** Debian 12 as far as systemd and the examination need it; the libraries are those of systemd, mount, coreutils and capsh. */
const packages = [
  ...["systemd", "systemd-sysv", "libsystemd0", "libsystemd-shared", "mount", "util-linux", "libcap2-bin"],
  ...["base-files", "base-passwd", "bash", "coreutils", "dash", "findutils", "grep", "sed", "libc6", "libgcc-s1"],
  ...["libacl1", "libapparmor1", "libargon2-1", "libattr1", "libaudit1", "libblkid1", "libcap-ng0", "libcap2"],
  ...["libcrypt1", "libcryptsetup12", "libdevmapper1.02.1", "libfdisk1", "libffi8", "libgcrypt20", "libgpg-error0"],
  ...["libgmp10", "libip4tc2", "libjson-c5", "libkmod2", "liblz4-1", "liblzma5", "libmount1", "libp11-kit0"],
  ...["libpam0g", "libpcre2-8-0", "libseccomp2", "libselinux1", "libsmartcols1", "libssl3", "libstdc++6"],
  ...["libtinfo6", "libudev1", "libuuid1", "libzstd1", "zlib1g"],
  // Its unit, to compare with; it is never started.
  "earlyoom",
];

/** Where node is put: the unit could not see it in a home folder, where the host may have it. */
const nodePath = "usr/bin/node";
const sizeMiB = 1024;

/** Since Debian 12 these are links into `/usr`. */
function mergeUsr(tree: string): void {
  for (const name of ["bin", "sbin", "lib", "lib64"]) {
    cpSync(join(tree, name), join(tree, "usr", name), { recursive: true, verbatimSymlinks: true });
    rmSync(join(tree, name), { recursive: true });
    symlinkSync(`usr/${name}`, join(tree, name));
  }
}

/** What the packages' own scripts would have done, were they installed. */
function configure(tree: string): void {
  const put = (path: string, content: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  };
  for (const name of ["passwd", "group"]) {
    copyFileSync(join(tree, "usr/share/base-passwd", `${name}.master`), join(tree, "etc", name));
  }
  // A machine that knows its name does not take this boot for its first, and enables nothing of itself.
  put("etc/machine-id", `${"7".repeat(32)}\n`);
  put("etc/hostname", "guest\n");
  for (const folder of ["proc", "sys", "dev", "run", "tmp"]) mkdirSync(join(tree, folder), { recursive: true });
  runHost("ldconfig", ["-r", tree]);
}

function addExamination(tree: string): void {
  const units = join(tree, "etc/systemd/system");
  mkdirSync(join(units, "default.target.wants"), { recursive: true });
  const unit = "examine.service";
  copyFileSync(join(repositoryRoot, "test/vm/systemd/guest", unit), join(units, unit));
  symlinkSync(`../${unit}`, join(units, "default.target.wants", unit));
  symlinkSync("usr/lib/systemd/systemd", join(tree, "init"));
}

/**
 * Makes a root disk of Debian with systemd, node, and tidemark in `/opt`. Unpacked rather than by debootstrap, which would have
 * to mount, and to run programs as root of another root.
 * @returns its image
 */
export function makeSystemRoot(folder: string): string {
  const tree = mkdtempSync(join(folder, "system-"));
  unpackInto(tree, packages);
  mergeUsr(tree);
  copyInto(tree, process.execPath, nodePath);
  for (const library of librariesOf(process.execPath)) copyInto(tree, library);
  copyShippedBuild(tree);
  configure(tree);
  addExamination(tree);
  const image = `${tree}.img`;
  const features = ["-q", "-t", "ext4", "-O", "^has_journal", "-E", "root_owner=0:0"];
  runHost("mke2fs", [...features, "-d", tree, image, `${sizeMiB}M`]);
  rmSync(tree, { recursive: true });
  return image;
}
