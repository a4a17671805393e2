import { type Column, renderTable } from "#cli/render/table.ts";
import { type Bounds, exceeds } from "./bounds.ts";
import { type ComparedFigure, tolerableFactor } from "./compare-guests.ts";

const columns: readonly Column[] = [
  { title: "real", align: "right" },
  { title: "simulated", align: "right" },
  { title: "off by", align: "right" },
  { title: "real runs", align: "left" },
  { title: "", align: "left" },
];

const offBy = ({ factor }: ComparedFigure, isTooMuch: boolean): string => {
  const amount =
    factor === Number.POSITIVE_INFINITY ? "all" : factor <= tolerableFactor ? "" : `× ${factor.toFixed(2)}`;
  return isTooMuch ? `${amount} WORSE` : amount;
};

/** Real and simulated figures of one story side by side; marked is what is farther off than it was. */
export const renderGuests = (compared: readonly ComparedFigure[], bounds: Bounds | undefined): string =>
  renderTable(
    columns,
    compared.map((figure) => {
      const { name, real, range, simulated } = figure;
      return [real, simulated, offBy(figure, exceeds(figure, bounds)), range, name];
    }),
  );
