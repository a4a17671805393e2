import { type KiB, mib, uid } from "#domain/units.ts";
import type { Span } from "./moments.ts";

interface Told {
  /** Its scenario is `test/fixtures/calibration/<name>.toml`. */
  readonly name: string;
  /** What is compared besides the victims and their order. */
  readonly spans: readonly Span[];
}

/** Played under the shipped daemon. */
export interface Watched extends Told {
  readonly kind: "watched";
  /** How far below what is available at the beginning the watermarks lie. */
  readonly marks: { readonly high: KiB; readonly low: KiB; readonly min: KiB };
  /** TOML, on top of the confinement. */
  readonly settings: string;
}

/** Played in the one memcg of the scenario; nobody watches but the kernel. */
export interface MemcgStory extends Told {
  readonly kind: "memcg";
  /** How many the kernel has to kill until it is over. */
  readonly kills: number;
}

/** A scenario that is played on the real machine and on the simulated one, and what of it is compared. */
export type Story = Watched | MemcgStory;

/** The user of every process of a calibration: nobody else's, and the only one its daemon may choose from. */
export const calibrationUid = uid(61_235);

/** When a process holds so much, that is a moment. */
export const heldMark = mib(64);

const outOfReach = mib(4096);

/** All of them. */
export const stories: readonly Story[] = [
  {
    name: "asked-to-exit",
    kind: "watched",
    marks: { high: mib(250), low: mib(400), min: outOfReach },
    settings: "",
    spans: [
      ["low crossed", "SIGTERM to hog"],
      ["SIGTERM to hog", "hog is gone"],
      ["SIGTERM to hog", "memory of hog is back"],
    ],
  },
  {
    name: "ignores-sigterm",
    kind: "watched",
    marks: { high: mib(250), low: mib(400), min: outOfReach },
    settings: '[kill]\nterm_grace = "800ms"\n',
    spans: [
      ["low crossed", "SIGTERM to hog"],
      ["SIGTERM to hog", "SIGKILL to hog"],
      ["SIGKILL to hog", "hog is gone"],
      ["SIGKILL to hog", "memory of hog is back"],
    ],
  },
  {
    name: "grows-past-min",
    kind: "watched",
    marks: { high: mib(200), low: mib(350), min: mib(550) },
    settings: '[kill]\nterm_grace = "10s"\n',
    spans: [
      ["low crossed", "SIGTERM to hog"],
      ["min crossed", "SIGKILL to hog"],
      ["SIGKILL to hog", "hog is gone"],
      ["SIGKILL to hog", "memory of hog is back"],
    ],
  },
  {
    name: "one-after-the-other",
    kind: "watched",
    marks: { high: mib(300), low: mib(450), min: outOfReach },
    settings: "",
    spans: [
      ["low crossed", "SIGTERM to first"],
      ["SIGTERM to first", "first is gone"],
      ["SIGTERM to second", "second is gone"],
    ],
  },
  {
    name: "memcg-family",
    kind: "memcg",
    kills: 2,
    spans: [
      ["grower holds 64 MiB", "the kernel kills large"],
      ["the kernel kills large", "the kernel kills grower"],
    ],
  },
];
