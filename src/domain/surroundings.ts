import type { KiB, Milliseconds } from "./units.ts";

/** Who controls memory by groups, and how. */
export type MemoryControl = "cgroup-v1" | "cgroup-v2" | "none";

/** A file system that lives in memory: what is written to it is nobody's, and no kill gives it back. */
export interface MemoryFileSystem {
  readonly mountPoint: string;
  /** The most it may hold. */
  readonly size: KiB;
  readonly used: KiB;
}

/** What an operator set up around us, and what no decision is made of: read when somebody asks how the machine is set up. */
export interface Surroundings {
  readonly memoryControl: MemoryControl;
  /** vm.min_free_kbytes. Undefined: it cannot be read. */
  readonly minFree: KiB | undefined;
  /** vm.swappiness, 0–200. */
  readonly swappiness: number | undefined;
  /** How long the kernel keeps a working set, or else kills. Undefined: it has no multi-generational LRU. @see Documentation/admin-guide/mm/multigen_lru.rst */
  readonly lruMinTtl: Milliseconds | undefined;
  /** Most files this process may hold open. */
  readonly mostOpenFiles: number | undefined;
  readonly memoryFileSystems: readonly MemoryFileSystem[];
}
