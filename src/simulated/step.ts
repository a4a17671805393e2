import {
  add,
  atLeast,
  below,
  type KiB,
  kib,
  kibToPages,
  least,
  lessened,
  type Milliseconds,
  milliseconds,
  millisecondsToSeconds,
  scale,
  subtract,
} from "#domain/units.ts";
import { gatherDemand, memoryOf, type Want } from "./demand.ts";
import { giveBackMemory } from "./exit.ts";
import { refaultAnon, refaultFile } from "./faults.ts";
import { advanceGrowth } from "./growth.ts";
import { freeOf, type Kernel, type Totals, totalsOf } from "./kernel.ts";
import { holdToLimits } from "./memcg-limit.ts";
import { invokeOomKiller } from "./oom-killer.ts";
import { grow, isRunning, type SimulatedProcess } from "./process.ts";
import { countedReclaimable, reclaim, scanPerSecond, settleRates } from "./reclaim.ts";
import { rouseBereft } from "./roused.ts";
import { accountStalls } from "./stall.ts";
import { runStreams, writeBack } from "./streams.ts";
import { freeSwap } from "./swap-space.ts";
import { emptyLeavingSwap } from "./swapoff.ts";
import { serveWake } from "./wakes.ts";
import { waterLevel } from "./water-level.ts";
import { dropResident } from "./working-set.ts";

const nothing = kib(0);

/** Moves memory on by one span, short enough that demand and reclaim hardly change within it. */
export function step(kernel: Kernel, span: Milliseconds): void {
  giveBackMemory(kernel, span);
  const totals = totalsOf(kernel);
  const isShort = below(totals.free, kernel.marks.low);
  const wants = gatherDemand(kernel, { span, totals, isShort });
  kernel.reclaim.freed = nothing;
  runKswapd(kernel, span, totals);
  holdToLimits(kernel, wants, span);
  const reclaiming = serve(kernel, wants, { span, totals });
  for (const want of wants) grant(kernel, want, { totals, span, reclaiming });
  for (const process of kernel.roused) goOn(kernel, process, span);
  emptyLeavingSwap(kernel, span);
  writeBack(kernel, totals);
  settleRates(kernel, span);
  accountStalls(kernel, span);
  rouseBereft(kernel);
}

/** Runs from below `low` until `high` is reached. The cache of ZFS shrinks as long as it runs. */
function runKswapd(kernel: Kernel, span: Milliseconds, { free }: Totals): void {
  const { marks, scenario } = kernel;
  if (below(free, marks.low)) kernel.isKswapdAwake = true;
  if (atLeast(free, marks.high)) kernel.isKswapdAwake = false;
  if (!kernel.isKswapdAwake) return;
  const seconds = millisecondsToSeconds(span);
  if (scenario.zfsArc !== undefined && kernel.arc > scenario.zfsArc.min) {
    const kept = add(
      scenario.zfsArc.min,
      lessened(lessened(kernel.arc, scenario.zfsArc.min), scale(scenario.zfsArc.perSecond, seconds)),
    );
    kernel.arc = least(kernel.arc, kept);
  }
  const wanted = least(lessened(marks.high, free), scale(scanPerSecond, seconds));
  reclaim(kernel, { by: "kswapd", wanted, span, reclaimers: 1, lru: kernel.lru, free });
}

/** Gives what lies above `min`; below it, who asks has to reclaim first. Returns the share of the step those who asked spent reclaiming. */
function serve(
  kernel: Kernel,
  wants: readonly Want[],
  { span, totals }: { span: Milliseconds; totals: Totals },
): number {
  const amounts = wants.map((want) => scale(memoryOf(want), want.granted));
  let memory = nothing;
  for (const amount of amounts) memory = add(memory, amount);
  if (memory === 0) return 0;
  const { marks, scenario, reclaim: state } = kernel;
  const free = add(totals.free, state.freed);
  const shortfall = lessened(memory, lessened(free, marks.min));
  if (shortfall === 0) {
    state.retries = 0;
    return 0;
  }
  const reclaimers = Math.min(scenario.cpus, amounts.filter((amount) => amount > 0).length);
  const taken = reclaim(kernel, { by: "direct", wanted: shortfall, span, reclaimers, lru: kernel.lru, free });
  const possible = lessened(add(free, taken), marks.min);
  // Whoever reclaims gets what it reclaimed: who wants little is soon served.
  const level = waterLevel(amounts, possible);
  for (const [index, want] of wants.entries()) {
    const amount = amounts[index] ?? nothing;
    if (amount > level) want.granted *= level / amount;
  }
  retry(kernel, { memory, possible, span });
  return Math.min(1, taken / scale(scanPerSecond, millisecondsToSeconds(span) * reclaimers));
}

/** Reclaim in vain rests that long before it tries again. @see mm/vmscan.c: reclaim_throttle */
const retryPause = milliseconds(100);
/** @see mm/internal.h: MAX_RECLAIM_RETRIES */
const mostRetries = 16;

interface Attempt {
  readonly memory: KiB;
  readonly possible: KiB;
  readonly span: Milliseconds;
}

/** The kernel gives up when nothing was reclaimed 16 times in a row, or when all there is to reclaim would not do. @see mm/page_alloc.c: should_reclaim_retry */
function retry(kernel: Kernel, { memory, possible, span }: Attempt): void {
  const { reclaim: state, marks } = kernel;
  if (possible >= memory) {
    state.retries = 0;
    return;
  }
  const hasProgress = kibToPages(state.freed, kernel.scenario.pageSize) > 0;
  state.retries = hasProgress ? 0 : state.retries + span / retryPause;
  // Of all zones together: reserves hold each of them at its mark until the last one is there.
  const isHopeless = !below(marks.min, add(freeOf(kernel), countedReclaimable(kernel)));
  if (isHopeless || state.retries > mostRetries) {
    state.retries = 0;
    invokeOomKiller(kernel);
  }
}

interface Grant {
  readonly totals: Totals;
  readonly span: Milliseconds;
  readonly reclaiming: number;
}

function grant(kernel: Kernel, want: Want, { totals, span, reclaiming }: Grant): void {
  const { process, granted, faults } = want;
  const { mm, fortune, wakes } = process;
  if (!isRunning(process)) return;
  const given = scale(want.grow, granted);
  grow(process, given);
  const hot = scale(want.hot, faults.swap * granted);
  refaultAnon(kernel, mm.hot, { amount: hot, totals });
  const text = scale(want.text, faults.files * granted);
  if (mm.program !== undefined) refaultFile(kernel, mm.program.text, { amount: text, totals });
  refaultFile(kernel, mm.files, { amount: scale(want.files, faults.files * granted), totals });
  runStreams(kernel, process, { read: want.read, granted });
  fortune.grown = given;
  const forMemory = memoryOf(want) > 0 ? Math.max(1 - granted, reclaiming) : 0;
  if (wakes?.since !== undefined) {
    const flows = (1 - forMemory) * (1 - faults.waitedForFiles) * (1 - faults.waitedForSwap);
    const fresh = scale(want.fresh, granted);
    const own = scale(wakes.owed.hot, faults.swap * granted);
    serveWake(wakes, { hot: own, text, fresh, waited: 1 - flows, began: kernel.now, end: add(kernel.now, span) });
  }
  // Waiting for memory comes on top of waiting for disks.
  fortune.stalled = 1 - (1 - fortune.stalled) * (1 - forMemory);
}

function goOn(kernel: Kernel, process: SimulatedProcess, span: Milliseconds): void {
  if (!isRunning(process)) return;
  const returned = advanceGrowth(process.growth, process.fortune.grown, span);
  if (returned > 0) giveBack(kernel, process, returned);
}

/** What only lies there goes first. Of what is in swap nothing has to be read. */
function giveBack(kernel: Kernel, { mm }: SimulatedProcess, amount: KiB): void {
  let left = amount;
  for (const set of [mm.idle, mm.hot]) left = subtract(left, dropResident(set, left));
  for (const set of [mm.idle, mm.hot]) {
    const forgotten = least(set.evicted, left);
    set.evicted = subtract(set.evicted, forgotten);
    left = subtract(left, forgotten);
    freeSwap(kernel, forgotten);
  }
}
