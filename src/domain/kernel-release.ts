/** The part of a kernel's release that its rules depend on: 6.18 of `6.18.44-fc`. */
export interface KernelRelease {
  readonly major: number;
  readonly minor: number;
}

/** Of what `uname -r` prints. Undefined: it does not begin with two numbers. */
export function parseKernelRelease(text: string): KernelRelease | undefined {
  const [, major, minor] = /^(\d{1,4})\.(\d{1,4})(?!\d)/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** Whether a release is `[major, minor]` or younger. */
export const isSince = (release: KernelRelease, [major, minor]: readonly [number, number]): boolean =>
  release.major > major || (release.major === major && release.minor >= minor);
