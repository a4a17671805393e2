import type { KiB } from "#domain/units.ts";
import { type BoundDetector, bindDetector, type Detector } from "#engine/define-detector.ts";
import type { AmountOption, AutoBasis, Options, OptionValues } from "#engine/option.ts";
import { detectors } from "#policies/detectors/catalogue.ts";
import { type Amount, resolveAmount } from "./amount.ts";
import type { Loaded } from "./load.ts";
import { settingName } from "./schema.ts";
import type { SettledSettings } from "./settle.ts";

/** Whether a detector is left out by its own option. */
export const isSwitchedOff = ({ name }: Detector, settled: SettledSettings): boolean =>
  settled.get(settingName(name, "enabled"))?.value === false;

/** A detector with the options that were written, or their defaults. */
export const bindWithOptions = (detector: Detector, { settled }: Loaded, basis: AutoBasis): BoundDetector =>
  bindDetector(
    detector,
    Object.fromEntries(
      Object.entries(detector.options).map(([key, option]) => {
        const value = settled.get(settingName(detector.name, key))?.value;
        return [key, option.kind === "amount" ? resolve(option, value, basis) : value];
      }),
    ) as OptionValues<Options>,
  );

/** What the amounts among the options of all detectors come to on a machine, by the name of their setting. */
export const detectorAmounts = ({ settled }: Loaded, basis: AutoBasis): readonly (readonly [string, KiB])[] =>
  detectors.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([key, option]) => {
      const setting = settingName(name, key);
      return option.kind === "amount" ? [[setting, resolve(option, settled.get(setting)?.value, basis)] as const] : [];
    }),
  );

/** A detector of a memcg: its amounts follow the memcg, because what was written about them means the machine. */
export function bindForMemcg(
  detector: Detector,
  { settled }: Loaded,
  { basis, own }: { readonly basis: AutoBasis; readonly own: Readonly<Record<string, unknown>> },
): BoundDetector {
  const values = Object.entries(detector.options).map(([key, option]) => {
    if (option.kind === "amount") return [key, option.auto(basis)];
    return [key, own[key] ?? settled.get(settingName(detector.name, key))?.value];
  });
  return bindDetector(detector, Object.fromEntries(values) as OptionValues<Options>);
}

const resolve = (option: AmountOption, settled: unknown, basis: AutoBasis): KiB =>
  resolveAmount(settled as Amount, basis.userMemory) ?? option.auto(basis);
