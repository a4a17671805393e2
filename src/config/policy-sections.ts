import type { PolicyOption } from "#engine/define-policy.ts";
import { policies } from "#policies/catalogue.ts";
import { type Section, type Setting, schema } from "./schema.ts";
import { flag, share } from "./value-type.ts";

/** The name of the section that holds the options of a policy. */
export const policySection = (policy: string): string => `policy.${policy}`;

/** Every section a config may have: those of the schema, and one for each policy with the options it declares. */
export const sections: Readonly<Record<string, Section>> = {
  ...schema,
  ...Object.fromEntries(
    policies.map((policy) => [
      policySection(policy.name),
      {
        summary: `Options of the policy "${policy.name}": ${policy.summary}`,
        settings: Object.fromEntries(Object.entries(policy.options).map(([name, option]) => [name, settingOf(option)])),
      },
    ]),
  ),
};

function settingOf(option: PolicyOption): Setting {
  const { summary, because } = option;
  const said = { summary, because, since: "0.1.0" };
  return option.kind === "flag"
    ? { type: flag, default: Boolean(option.default), ...said }
    : { type: share(option.range), default: `${option.default}%`, ...said };
}
