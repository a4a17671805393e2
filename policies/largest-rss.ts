import { kib } from "#domain/units.ts";
import { badness, definePolicy } from "#engine/define-policy.ts";
import { flag } from "#engine/option.ts";

/** Ranks by resident size alone, whatever anybody set. */
export const largestRss = definePolicy({
  name: "largest-rss",
  summary: "Prefer the process with the most resident memory",
  needs: ["meminfo", "processes"],
  options: {
    count_swap: flag({
      default: false,
      summary: "Count swapped pages as well",
      because: "Freeing swap does not give RAM back at once",
    }),
  },
  score: ({ memory }, _scope, options) => badness({ rss: memory.rss, swap: options.count_swap ? memory.swap : kib(0) }),
  bounds: "held",
  limit: ({ held }) => held,
});
