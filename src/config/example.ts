import { giverKeys, memcgKeys, ruleKeys, ruleOrder, type Section, type Setting } from "./schema.ts";
import { sections } from "./sections.ts";
import { asSentence, fillLines } from "./sentence.ts";

const columns = 100;

const intro =
  "tidemark settings. Every line here shows a default and is commented out: an empty file does the same. " +
  "Remove the # of a setting, and of the [section] above it, to change it. " +
  'Amounts of memory and times have units; "tidemark check" says what they mean on this machine. ' +
  "Files in tidemark.d/ beside this one are read after it, in the order of their names: " +
  "what they set wins, their rules are added.";

/** The example file: every setting there is, commented out, with what it does and why its default is what it is. */
export const renderExample = (): string =>
  [comment(intro), ...Object.entries(sections).map(renderSection), renderRules(), renderGivers(), renderMemcgs()]
    .join("\n\n")
    .concat("\n");

function renderSection([name, { summary, settings }]: readonly [string, Section]): string {
  const entries = Object.entries(settings).map(([key, setting]) => renderSetting(key, setting));
  const header = name === "" ? [] : [`${comment(asSentence(summary))}\n#[${name}]`];
  return [...header, ...entries].join("\n\n");
}

const renderSetting = (key: string, setting: Setting): string =>
  [
    comment(`${asSentence(setting.summary)} Takes ${setting.type.wants}.`),
    comment(`Default: ${setting.because}.`),
    `#${key} = ${JSON.stringify(setting.default)}`,
  ].join("\n");

const renderRules = (): string =>
  [
    comment(
      "Rules, as many as needed, each under a [[rule]] of its own. A rule has a verdict and one or more conditions, " +
        "all of which have to hold. Patterns are globs (* any characters, ? one, the whole text, case matters), or " +
        "/regular expressions/ in RE2 syntax that match anywhere; a list of patterns holds if one of them does. " +
        "Single quotes keep backslashes as they are.",
    ),
    comment(ruleOrder),
    ...Object.entries(ruleKeys).map(([key, summary]) => comment(`${key}: ${summary}.`)),
    ["#[[rule]]", '#verdict = "never"', '#note = "my editor"', '#exe = "/usr/bin/my-editor"'].join("\n"),
    [
      "#[[rule]]",
      '#name = "my-editor"',
      '#run = ["/usr/local/bin/save-and-quit"] # finds TIDEMARK_PID and more in its environment',
      '#grace = "10s"',
    ].join("\n"),
    ["#[[rule]]", '#verdict = "prefer"', "#cmdline = '/--type=renderer/'", "#uid = 1000"].join("\n"),
  ].join("\n\n");

const renderGivers = (): string =>
  [
    comment(
      "Givers, as many as wanted, each under a [[giver]] of its own, in the order in which they are asked to give memory " +
        "back before anybody has to go. A hook runs a program; it finds TIDEMARK_ALARM, TIDEMARK_HEADROOM_KIB and " +
        "TIDEMARK_WANTED_KIB in its environment.",
    ),
    ...Object.entries(giverKeys).map(([key, summary]) => comment(`${key}: ${summary}.`)),
    [
      "#[[giver]]",
      '#name = "balloon"',
      '#kind = "hook"',
      '#run = ["/usr/local/bin/shrink-vm", "--quietly"]',
      '#user = "vm"',
      '#timeout = "500ms"',
    ].join("\n"),
  ].join("\n\n");

const renderMemcgs = (): string =>
  [
    comment(
      "Memcgs to watch, as many as wanted, each under a [[memcg]] of its own. One that comes near its limit has alarms of " +
        "its own, by the detectors of the machine's, and nobody outside of it is chosen for it. Rules hold as everywhere.",
    ),
    ...Object.entries(memcgKeys).map(([key, summary]) => comment(`${key}: ${summary}.`)),
    ["#[[memcg]]", '#path = "/machine.slice/*.scope"', '#low = "10%"'].join("\n"),
  ].join("\n\n");

const comment = (text: string): string =>
  fillLines(text, columns - 2)
    .map((line) => `# ${line}`)
    .join("\n");
