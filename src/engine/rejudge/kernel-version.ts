/** The three numbers a kernel release begins with. */
export type KernelVersion = readonly [major: number, minor: number, patch: number];

const leadingNumbers = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,5}))?/;

/** `5.15.158-2-pve` becomes 5.15.158. Undefined: it does not begin with a version. */
export function parseKernelVersion(release: string): KernelVersion | undefined {
  const found = leadingNumbers.exec(release);
  return found === null ? undefined : [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
}

/** Negative when `a` is the older. */
export const compareVersions = (a: KernelVersion, b: KernelVersion): number =>
  a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** The younger of two. */
export const youngerVersion = (a: KernelVersion, b: KernelVersion): KernelVersion =>
  compareVersions(a, b) < 0 ? b : a;

/** `2.6.36`, `5.4`: as releases are spoken of. */
export const describeVersion = ([major, minor, patch]: KernelVersion): string =>
  patch === 0 ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
