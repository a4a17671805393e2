import { heldBy, sizeOf } from "#domain/memcg.ts";
import { below, type KiB, kib, type Milliseconds, scale } from "#domain/units.ts";
import type { BoundDetector, Sighting } from "#engine/define-detector.ts";

/** A limit of a memcg's own that is exceeded proves as much as little headroom does; never that there is no time to ask. */
const exceeded = (found: KiB, threshold: KiB): Pick<Sighting, "breached" | "isNear"> => ({
  breached: below(threshold, found) ? "low" : undefined,
  isNear: below(scale(threshold, nearly), found),
});

/** From here on looks come closer together. */
const nearly = 7 / 8;

/** A limit that has to be exceeded for a time. */
interface Lasting {
  readonly threshold: KiB;
  readonly holdFor: Milliseconds;
}

/** Whether a memcg has swapped out more than was asked for as its most. As systemd-oomd's SwapUsedLimit, of one memcg. */
export const swapLimit = ({ threshold, holdFor }: Lasting): BoundDetector => ({
  name: "memcg-swap",
  needs: ["memcgs"],
  watch: () => undefined,
  detect: ({ facts: { memcg } }) => {
    if (memcg?.swapped === undefined) return undefined;
    const { swapped } = memcg;
    return { reason: { kind: "memcg-swap", swapped, threshold, holdFor }, ...exceeded(swapped, threshold) };
  },
});

/** Whether a memcg is larger than was asked for as its most. As oomd's `memory_above`, without the page cache. */
export const sizeLimit = ({ threshold, holdFor }: Lasting): BoundDetector => ({
  name: "memcg-size",
  needs: ["memcgs"],
  watch: () => undefined,
  detect: ({ facts: { memcg } }) => {
    if (memcg === undefined) return undefined;
    const size = sizeOf(memcg);
    return { reason: { kind: "memcg-size", size, threshold, holdFor }, ...exceeded(size, threshold) };
  },
});

/** A limit of what may be taken within a window. */
interface Paced {
  readonly threshold: KiB;
  readonly window: Milliseconds;
}

/** Whether a memcg takes memory faster than was asked for as its most. */
export const growthLimit = ({ threshold, window }: Paced): BoundDetector => ({
  name: "memcg-growth",
  needs: ["memcgs"],
  watch: ({ memcg }) => memcg && { window, counts: { held: heldBy(memcg) } },
  detect: ({ growth }) => {
    if (growth?.["held"] === undefined) return undefined;
    const grown = kib(growth["held"]);
    return { reason: { kind: "memcg-growth", grown, threshold, window }, ...exceeded(grown, threshold) };
  },
});
