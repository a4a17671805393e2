import { rankers } from "#policies/rankers.ts";
import { giverKeys, memcgKeys, ruleKeys, ruleOrder, type Section, type Setting, settingName } from "./schema.ts";
import { sections } from "./sections.ts";
import { asSentence, fillLines } from "./sentence.ts";

const intro = `# Settings

This page is made from the schema by \`npm run docs\`; do not edit it.

Settings are read from \`/etc/tidemark/tidemark.toml\`, then from \`/etc/tidemark/tidemark.d/*.toml\` in the order of
their names, then from \`--set key=value\`. What is read later wins, key by key; rules are added. Beneath them all lies
the preset.

| written as | means |
|---|---|
| \`"512MiB"\` | memory, in KiB, MiB, GiB or TiB; a decimal fraction is allowed, a bare number or \`"512M"\` is not |
| \`"8%"\` | a share; of memory: of user memory, which is what is available, anonymous or shared |
| \`"250ms"\` | a time, in ms, s, min or h |
| \`"auto"\` | follows the machine, or other settings, as described |
`;

/** The settings reference, in Markdown. */
export const renderReference = (): string =>
  [intro, ...Object.entries(sections).map(renderSection), renderRules(), renderGivers(), renderMemcgs()].join("\n");

const renderSection = ([name, { summary, settings }]: readonly [string, Section]): string =>
  [
    name === "" ? "## At the top of the file" : `## \`[${name}]\`\n\n${asSentence(summary)}`,
    "",
    ...Object.entries(settings).map(([key, setting]) => renderSetting(settingName(name, key), setting)),
  ].join("\n");

const renderSetting = (name: string, setting: Setting): string =>
  [
    `### \`${name}\``,
    "",
    asSentence(setting.summary),
    "",
    `- Takes ${setting.type.wants}`,
    `- Default \`${JSON.stringify(setting.default)}\`: ${setting.because}`,
    `- Since ${setting.since}`,
    "",
  ].join("\n");

const renderRules = (): string =>
  [
    "## `[[rule]]`",
    "",
    "One table for each rule. All conditions of a rule have to hold; it has at least one.",
    "",
    ...fillLines(ruleOrder, columns),
    "",
    "| key | meaning |",
    "|---|---|",
    ...Object.entries(ruleKeys).map(([key, summary]) => `| \`${key}\` | ${summary} |`),
    "",
    "A pattern is a glob (`*` any characters, `?` one, the whole text, case matters) or a `/regular expression/` in RE2",
    "syntax that matches anywhere in the text. Both take time that is linear in the text.",
    "",
    ...fillLines(aboutPrograms, columns),
    "",
  ].join("\n");

const columns = 118;

const aboutPrograms =
  "What `run` names waits as a process of its own, made ready in calm: when memory is short nobody can count on starting one. It " +
  "finds in its environment `TIDEMARK_PID` and `TIDEMARK_START_TICKS` of the victim (who starts late, or waits, compares the latter with field 22 of " +
  "its `stat`), `TIDEMARK_PIDS` of all who go with it, `TIDEMARK_NAME`, `TIDEMARK_UID`, `TIDEMARK_CGROUP`, `TIDEMARK_RETURNS_KIB`, " +
  "`TIDEMARK_GRACE_MS`, `TIDEMARK_ALARM` and `TIDEMARK_REASON`. Names are their owners' to choose: quote them; control bytes are `?`. If it cannot " +
  "be run, or its exit status is not 0, the victim is sent the signal at once. When the grace is over the victim is killed and the " +
  "program stopped with all it started; below min there is no time to ask by a program. One runs at a time: who is chosen meanwhile is " +
  "sent the signal. Output and rights are those of a hook, see below; files it writes to have to be writable in the service's sandbox.";

const renderGivers = (): string =>
  [
    "## `[[giver]]`",
    "",
    "One table for each giver, in the order in which they are asked. None are needed; none are shipped.",
    "",
    "| key | meaning |",
    "|---|---|",
    ...Object.entries(giverKeys).map(([key, summary]) => `| \`${key}\` | ${summary} |`),
    "",
    "A hook is told by its environment: `TIDEMARK_ALARM` (`approaching` or `scarce`), `TIDEMARK_HEADROOM_KIB` and",
    "`TIDEMARK_WANTED_KIB`, what is missing until the alarm ends. Its input is `/dev/null`; of its output the beginning is",
    "journalled, and more than 64 KiB are not taken from it. It is an ordinary process: it may be killed as any other. Of the groups of",
    "its user it has the first alone. Should tidemark itself be killed, systemd ends it; without systemd it goes on. It is run",
    "by root only if nobody but root can change the program, the folders above it, and the file it is configured in.",
    "",
    "Reclaim moves memory to swap and to files. That makes memory available to whoever is stalled for want of it, but does not",
    "raise headroom, which counts free swap and clean caches already: of these kinds only a hook can make that grow.",
    "",
  ].join("\n");

const renderMemcgs = (): string =>
  [
    "## `[[memcg]]`",
    "",
    "One table for each memory cgroup to watch. Each one has the alarms of the machine within its own limit, and is answered with",
    "its own members: nobody outside dies for it, but those who use the very memory of the victim, as with the kernel.",
    "",
    "| key | meaning |",
    "|---|---|",
    ...Object.entries(memcgKeys).map(([key, summary]) => `| \`${key}\` | ${summary} |`),
    "",
    "Watermarks are sizes, or shares of the limit; those that are not written follow the others, or the limit, as those of",
    "`[headroom]` follow the machine. The limit is `memory.max` or, where it is lower, `memory.high`; with cgroup v1",
    "`memory.limit_in_bytes`. Headroom is what is left of it, with clean pages of files and the swap it may use. A memcg that",
    "is not there yet is watched when it comes. Cgroup v1 tells of no stalls.",
    "",
    "`swap_limit`, `size_limit` and `growth_limit` raise the alarm `scarce` of the memcg, each for itself: a member is asked to",
    "exit, and is spared if the limit holds again before its grace is over. A memcg without a limit is watched for these, and",
    "for stalls where `stall_limit` or `stall_window` is written: then the machine has to have little available as well.",
    "",
    "With `kill_by` one of the cgroups inside goes, the first by:",
    "",
    "| kill_by | goes by |",
    "|---|---|",
    ...Object.values(rankers).map(({ name, summary }) => `| \`${name}\` | ${summary} |`),
    "",
    "Before that it goes by preference. A cgroup with the extended attribute `oomd_prefer` set to true goes before the others of the",
    "same parent, one with `oomd_avoid` after them, and one with `oomd_omit` never, nor anything inside of it. `trusted.oomd_omit` and",
    "the like are root's. `user.` ones count where the cgroup belongs to root or to who owns the watched one; `ManagedOOMPreference=`",
    "of a systemd unit sets these. systemd's other settings (`ManagedOOMSwap=`, `ManagedOOMMemoryPressure=`) are told to",
    "systemd-oomd alone: write them as `swap_limit` and `stall_limit`. A cgroup with `memory.oom.group` set goes as a whole. Cgroup v1",
    "tells of no promises, pages scanned, pressure or io.",
    "",
    "A cgroup that was killed whole bears the marks of oomd and systemd-oomd: `oomd_ooms`, how often that was, and `oomd_kill`, how",
    "many were killed, as `user.` and `trusted.` attributes; by them systemd tells that a unit was killed for want of memory. The",
    "shipped unit may not write them: that takes `ProtectControlGroups=no`, and CAP_SYS_ADMIN for `trusted.` ones.",
    "",
  ].join("\n");
