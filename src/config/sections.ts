import { mib, percent } from "#domain/units.ts";
import type { Option, Options } from "#engine/option.ts";
import { policies } from "#policies/catalogue.ts";
import { detectors } from "#policies/detectors/catalogue.ts";
import { alarmSections } from "./alarm-sections.ts";
import { amount } from "./amount.ts";
import { duration, showDuration } from "./duration.ts";
import { type Section, type Setting, schema } from "./schema.ts";
import { largestSize } from "./size.ts";
import { choice, flag, share } from "./value-type.ts";

/** The name of the section that holds the options of a policy. */
export const policySection = (policy: string): string => `policy.${policy}`;

const anyAmount = amount({ size: [mib(1), largestSize], share: [percent(0.1), percent(100)] });

const { "": top, headroom, ...others } = schema;

/** Every section a config may have: those of the schema, and those made of what detectors and policies declare. */
export const sections: Readonly<Record<string, Section>> = {
  "": top,
  headroom,
  ...Object.fromEntries(
    detectors
      .filter(({ options }) => Object.keys(options).length > 0)
      .map(({ name, summary, options }) => [name, { summary, settings: settingsOf(options) }]),
  ),
  ...alarmSections,
  ...others,
  ...Object.fromEntries(
    policies.map(({ name, summary, options }) => [
      policySection(name),
      { summary: `Options of the policy "${name}": ${summary}`, settings: settingsOf(options) },
    ]),
  ),
};

function settingsOf(options: Options): Readonly<Record<string, Setting>> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, settingOf(option)]));
}

function settingOf(option: Option): Setting {
  const { summary, because } = option;
  const said = { summary, because, since: "0.1.0" };
  switch (option.kind) {
    case "flag":
      return { type: flag, default: option.default, ...said };
    case "percent":
      return { type: share(option.range), default: `${option.default}%`, ...said };
    case "duration":
      return { type: duration(option.range), default: JSON.parse(showDuration(option.default)), ...said };
    case "choice":
      return { type: choice(option.words), default: option.default, ...said };
    case "amount":
      return { type: anyAmount, default: "auto", ...said };
  }
}
