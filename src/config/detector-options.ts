import type { KiB } from "#domain/units.ts";
import type { Detector } from "#engine/define-detector.ts";
import type { AmountOption, AutoBasis } from "#engine/option.ts";
import { type Amount, resolveAmount } from "#plan/amount.ts";
import type { Chosen } from "#plan/recipe.ts";
import { detectors } from "#policies/detectors/catalogue.ts";
import type { Loaded } from "./load.ts";
import { settingName } from "./schema.ts";
import type { SettledSettings } from "./settle.ts";

/** Whether a detector is left out by its own option. */
export const isSwitchedOff = ({ name }: Detector, settled: SettledSettings): boolean =>
  settled.get(settingName(name, "enabled"))?.value === false;

/** A detector with the options that were written, or their defaults. */
export const chooseDetector = ({ name, options }: Detector, { settled }: Loaded, basis: AutoBasis): Chosen => ({
  name,
  options: Object.fromEntries(
    Object.entries(options).map(([key, option]) => {
      const value = settled.get(settingName(name, key))?.value;
      return [key, option.kind === "amount" ? resolve(option, value, basis) : value];
    }),
  ),
});

/** What the amounts among the options of all detectors come to on a machine, by the name of their setting. */
export const detectorAmounts = ({ settled }: Loaded, basis: AutoBasis): readonly (readonly [string, KiB])[] =>
  detectors.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([key, option]) => {
      const setting = settingName(name, key);
      return option.kind === "amount" ? [[setting, resolve(option, settled.get(setting)?.value, basis)] as const] : [];
    }),
  );

/** A detector of a memcg, without its amounts: they follow the memcg, because what was written about them means the machine. */
export const chooseForMemcg = (
  { name, options }: Detector,
  { settled }: Loaded,
  own: Readonly<Record<string, unknown>>,
): Chosen => ({
  name,
  options: Object.fromEntries(
    Object.entries(options).flatMap(([key, option]) =>
      option.kind === "amount" ? [] : [[key, own[key] ?? settled.get(settingName(name, key))?.value]],
    ),
  ),
});

const resolve = (option: AmountOption, settled: unknown, basis: AutoBasis): KiB =>
  resolveAmount(settled as Amount, basis.userMemory) ?? option.auto(basis);
