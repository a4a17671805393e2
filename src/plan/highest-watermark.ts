import { percent } from "#domain/units.ts";

/** Above it a watermark would call most of the machine's memory "scarce", and every look would end in a kill. */
export const highestWatermark = percent(75);
