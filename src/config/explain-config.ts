import type { Watermarks } from "#engine/watermarks.ts";
import { type MachineFacts, resolveWatermarks } from "#plan/watermarks.ts";
import { detectorAmounts } from "./detector-options.ts";
import type { Loaded } from "./load.ts";
import { settingName } from "./schema.ts";
import { policySection, sections } from "./sections.ts";
import type { Settled } from "./settle.ts";
import { showSize } from "./size.ts";
import { describePlace, textAt } from "./source-text.ts";

/** One setting as the daemon sees it. */
export interface ExplainedSetting {
  /** `headroom.low` */
  readonly setting: string;
  /** As it is written: `"8%"`. */
  readonly written: string;
  /** What it means on this machine: `"1.9GiB"`. The same as `written` where nothing is to be resolved. */
  readonly resolved: string;
  /** `default`, `preset desktop:4`, `/etc/tidemark/tidemark.toml:12`, `--set`. */
  readonly origin: string;
  readonly summary: string;
}

/** Every setting that has a say, in the order of the schema. Options of policies that were not chosen have none. */
export function explainConfig(loaded: Loaded, machine: MachineFacts): readonly ExplainedSetting[] {
  const headroom = resolveWatermarks(loaded.config.headroom, machine);
  const resolved = resolveSizes(loaded, headroom, machine);
  return Object.entries(sections)
    .filter(([section]) => hasSay(loaded, section))
    .flatMap(([section, { settings }]) => Object.keys(settings).map((key) => settingName(section, key)))
    .flatMap((setting) => {
      const settled = loaded.settled.get(setting);
      return settled === undefined ? [] : [explainSetting({ setting, settled, resolved: resolved[setting] })];
    });
}

const hasSay = ({ config }: Loaded, section: string): boolean =>
  !section.startsWith("policy.") || section === policySection(config.policy.name);

const resolveSizes = (
  loaded: Loaded,
  headroom: Watermarks,
  machine: MachineFacts,
): Readonly<Record<string, string>> => ({
  "headroom.min": showSize(headroom.min),
  "headroom.low": showSize(headroom.low),
  "headroom.high": showSize(headroom.high),
  ...Object.fromEntries(
    detectorAmounts(loaded, { headroom, userMemory: machine.userMemory }).map(([name, size]) => [name, showSize(size)]),
  ),
});

interface Unexplained {
  readonly setting: string;
  readonly settled: Settled;
  readonly resolved: string | undefined;
}

function explainSetting({ setting, settled, resolved }: Unexplained): ExplainedSetting {
  const shown = settled.setting.type.show(settled.value);
  return {
    setting,
    written: settled.place === undefined || settled.isRefused ? shown : textAt(settled.place),
    resolved: resolved ?? shown,
    origin: settled.place === undefined ? "default" : describePlace(settled.place),
    summary: settled.setting.summary,
  };
}
