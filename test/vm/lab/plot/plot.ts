import { greatest, kibToMiB, millisecondsToSeconds } from "#domain/units.ts";
import { type Axes, type Drawn, drawRun } from "./panel.ts";
import { lineThrough } from "./path.ts";
import { type Scale, scaleToEnd, scaleToTick } from "./scale.ts";

/** One run beside others. */
export interface Column {
  readonly name: string;
  /** What came of it, in few words. */
  readonly outcome: string;
  readonly run: Drawn;
}

const size = { width: 960, height: 400 } as const;
const margin = { left: 66, right: 10, between: 16 } as const;
/** From the bottom to the top of each row. */
const rows = { memory: { from: 212, to: 58 }, wait: { from: 344, to: 234 } } as const;

/** Seconds: the axis of waits reaches so far at least, so that short ones look short. */
const leastWait = 0.5;

/** With a ground of its own: a page may be light where the system is dark. Lines differ by their dashes as well as by their colours. */
const style = `text{font:12px system-ui,sans-serif;fill:#1f2328}.name{font-weight:600;font-size:14px}.across,.up{fill:#59636e}
.across{text-anchor:middle}.up{text-anchor:end}
.ground{fill:#fff}.grid{stroke:#d1d9e0;fill:none}path{fill:none;stroke-width:1.5}.available{stroke:#0969da}
.swap{stroke:#bc4c00;stroke-dasharray:5 3}.wait{fill:#8250df;stroke:none}.end{stroke:#59636e;stroke-width:1;stroke-dasharray:2 2}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.across,.up{fill:#9198a1}.ground{fill:#0d1117}.grid{stroke:#3d444d}
.available{stroke:#4493f8}.swap{stroke:#f0883e}.wait{fill:#ab7df8}.end{stroke:#9198a1}}`;

/** Runs of one story beside each other, on the same axes: memory above, waits below. An SVG document. */
export function drawPlot(title: string, columns: readonly Column[]): string {
  const axesOf = axesFor(columns);
  const shown = columns.map(({ name, outcome }) => `${name}: ${outcome}`).join("; ");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img">
<title>${toXml(title)}</title>
<desc>Available memory, free swap and how long somebody before the machine has been waiting, over time. ${toXml(shown)}.</desc>
<style>${style}</style>
<rect class="ground" width="${size.width}" height="${size.height}"/>
${columns.map((column, index) => drawColumn(column, { axes: axesOf(index), isFirst: index === 0 })).join("\n")}
${legend}
</svg>
`;
}

function axesFor(columns: readonly Column[]): (index: number) => Axes {
  const runs = columns.map(({ run }) => run);
  const memory = runs.flatMap((run) => run.memory.map(({ available, swapFree }) => greatest(available, swapFree)));
  const waits = runs.flatMap((run) => run.stalls.map(({ took }) => millisecondsToSeconds(took)));
  const lasted = Math.max(1, ...runs.map((run) => millisecondsToSeconds(run.lasted)));
  const gaps = margin.between * (columns.length - 1);
  const width = (size.width - margin.left - margin.right - gaps) / columns.length;
  return (index) => {
    const from = margin.left + index * (width + margin.between);
    return {
      time: scaleToEnd(lasted, { from, to: from + width }),
      memory: scaleToTick(Math.max(1, ...memory.map(kibToMiB)), rows.memory),
      wait: scaleToTick(Math.max(leastWait, ...waits), rows.wait),
    };
  };
}

interface Place {
  readonly axes: Axes;
  /** It has the numbers of the axes. */
  readonly isFirst: boolean;
}

function drawColumn({ name, outcome, run }: Column, { axes, isFirst }: Place): string {
  const { time, memory, wait } = axes;
  const [left, right] = [time.place(0), time.place(millisecondsToSeconds(run.lasted))];
  const levels = [memory, wait].flatMap(({ ticks, place }) =>
    ticks.map((tick) => lineThrough([left, right].map((x) => ({ x, y: place(tick) })))),
  );
  return [
    write(toXml(name), { x: left, y: 22, as: "name" }) + write(toXml(outcome), { x: left, y: 42, as: "outcome" }),
    `<path class="grid" d="${levels.join("")}"/>`,
    isFirst ? numbersOf(memory, left, "MiB") + numbersOf(wait, left, "s") : "",
    ...time.ticks.map((tick) => write(String(tick), { x: time.place(tick), y: 362, as: "across" })),
    drawRun(run, axes),
  ].join("");
}

/** The numbers of an axis, to its left; the uppermost has the unit. */
const numbersOf = ({ ticks, place }: Scale, left: number, unit: string): string =>
  ticks
    .map((tick, index) => {
      const text = index === ticks.length - 1 ? `${tick} ${unit}` : String(tick);
      return write(text, { x: left - 6, y: place(tick) + 4, as: "up" });
    })
    .join("");

interface Lettering {
  readonly x: number;
  readonly y: number;
  readonly as: "name" | "outcome" | "across" | "up" | "key";
}

const write = (text: string, { x, y, as }: Lettering): string =>
  `<text class="${as}" x="${inTenths(x)}" y="${inTenths(y)}">${text}</text>`;

const inTenths = (pixels: number): number => Number(pixels.toFixed(1));

const legend = [
  { what: "available", says: "available memory", sample: "M0-4h26", x: 66 },
  { what: "swap", says: "free swap", sample: "M0-4h26", x: 230 },
  { what: "wait", says: "how long somebody has been waiting", sample: "M0 0l26-10v10", x: 350 },
  { what: "end", says: "a process is ended", sample: "M13 2v-14", x: 625 },
]
  .map(({ what, says, sample, x }) => {
    const place = `transform="translate(${x} 388)"`;
    return `<path class="${what}" ${place} d="${sample}"/>${write(says, { x: x + 32, y: 388, as: "key" })}`;
  })
  .concat(write("seconds", { x: size.width - margin.right, y: 388, as: "up" }))
  .join("");

const toXml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? "&quot;");
