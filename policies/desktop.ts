import { add, type KiB, least, type OomScoreAdj, type Percent, percent, percentOf, scale } from "#domain/units.ts";
import { badness, definePolicy } from "#engine/define-policy.ts";
import { flag, percentage } from "#engine/option.ts";

const adjScale = 1000;

/** A positive adj is inherited noise on desktops: it makes a process look larger by a share of itself, never by a share of the machine. */
const nudge = (own: KiB, adj: OomScoreAdj, most: Percent): KiB => scale(percentOf(most, own), adj / adjScale);

/** A negative adj was set by somebody with the right to set it: it counts as in the kernel. */
const protection = (adj: OomScoreAdj, total: KiB): KiB => scale(total, adj / adjScale);

/** Ranks by the memory that really comes back: anonymous memory, resident or swapped. Shared memory stays while others map it. */
export const desktop = definePolicy({
  name: "desktop",
  summary: "Prefer the process whose death gives back the most private memory",
  needs: ["meminfo", "processes"],
  options: {
    adj_nudge: percentage({
      range: [percent(0), percent(100)],
      default: percent(20),
      summary: "How much larger an oom_score_adj of 1000 makes a process look, as a share of its own memory",
      because:
        "Browsers and session managers raise it for what they start: 200 to 300 must not make a 79 MiB tab outrank a 3 GiB process",
    }),
    families: flag({
      default: true,
      summary: "Choose inside a family that is to blame together, though none of its processes is large",
      because:
        "Forty workers of one job can fill a machine while the browser is still its largest process, and innocent",
    }),
    growth: flag({
      default: true,
      summary: "Count what a process took since trouble began once more, when that is most of what was taken",
      because: "Whoever fills the machine within seconds is to blame before a larger one that has been there all day",
    }),
    children: flag({
      default: true,
      summary:
        "Of an application, choose a large child before the process that started it and holds less than all of them",
      because: "A browser that loses a tab goes on; with its main process all tabs are lost",
    }),
  },
  blames: ({ families, growth, children }) => ({ families, growth, children }),
  score: ({ memory, oomScoreAdj }, { total }, options) => {
    const own = add(memory.anon, memory.swap);
    const adj = oomScoreAdj > 0 ? nudge(own, oomScoreAdj, options.adj_nudge) : protection(oomScoreAdj, total);
    return badness({ anon: memory.anon, swap: memory.swap, oom_score_adj: adj });
  },
  bounds: "own",
  // Neither an adj that nudges nor one that protects counts for more than it does to the kernel.
  limit: ({ held, own = held, permille }, { total }, options) =>
    least(add(own, percentOf(options.adj_nudge, own)), scale(total, permille / adjScale)),
});
