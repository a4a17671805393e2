/** A place in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Tenths of a pixel are what is drawn. */
const inTenths = (pixels: number): number => Math.round(pixels * 10);

/** A number of tenths as SVG has it, in few bytes: `.5`, `-12`, `3.4`. */
const show = (tenths: number): string => String(tenths / 10).replace(/^(-?)0\./, "$1.");

/** A line through points, for the `d` of a path: from each to the next, by how far it is. Points that lie on the way are left out. */
export function lineThrough(points: readonly Point[]): string {
  const places = points.map(({ x, y }) => ({ x: inTenths(x), y: inTenths(y) }));
  const corners = places.filter((place, index) => {
    const [before, after] = [places[index - 1], places[index + 1]];
    return before === undefined || after === undefined || before.y !== place.y || after.y !== place.y;
  });
  return corners
    .map(({ x, y }, index) => {
      const before = corners[index - 1];
      return before === undefined ? `M${pair(x, y)}` : `l${pair(x - before.x, y - before.y)}`;
    })
    .join("");
}

/** A blank is needed only where a number does not begin with a sign. */
const pair = (x: number, y: number): string => `${show(x)}${y < 0 ? "" : " "}${show(y)}`;

/** Of points that lie in the same pixel across, the one that is lowest on the page. */
export function lowestPerPixel(points: readonly Point[]): readonly Point[] {
  const lowest = new Map<number, Point>();
  for (const point of points) {
    const column = Math.round(point.x);
    const other = lowest.get(column);
    if (other === undefined || point.y > other.y) lowest.set(column, { x: column, y: point.y });
  }
  return [...lowest.values()];
}
