/** One way to get a config wrong, and what the operator wrote. */
export interface Mistake {
  readonly title: string;
  readonly file?: string;
  readonly dropIn?: string;
  readonly overrides?: readonly string[];
  readonly swapGiB?: number;
  readonly hasPressure?: boolean;
}

const regex = String.raw;

export const mistakes: readonly Mistake[] = [
  { title: "a size without a unit", file: "[headroom]\nlow = 512\n" },
  { title: "a size without a unit, as a text", file: '[headroom]\nlow = "512"\n' },
  { title: "a size with a decimal unit", file: '[headroom]\nlow = "512MB"\n' },
  { title: "a size with half a unit", file: '[headroom]\nlow = "1.5g"\n' },
  { title: "a negative size", file: '[headroom]\nlow = "-512MiB"\n' },
  { title: "a size that is none", file: '[pacing]\nfastest_fill = "a lot"\n' },
  { title: "a value without quotes", file: "[headroom]\nlow = 512MiB\n" },
  { title: "a watermark of 99 %", file: '[headroom]\nhigh = "99%"\n' },
  { title: "a share above the whole", file: '[stall]\nlimit = "140%"\n' },
  { title: "a watermark larger than the machine", file: '[headroom]\nlow = "12GiB"\n', swapGiB: 1 },
  { title: "low above high", file: '[headroom]\nlow = "2GiB"\nhigh = "1GiB"\n' },
  { title: "low above high, of two units", file: '[headroom]\nlow = "10%"\nhigh = "1GiB"\n' },
  { title: "min above low", file: '[headroom]\nmin = "600MiB"\nlow = "512MiB"\n' },
  { title: "min above high, low left out", file: '[headroom]\nmin = "600MiB"\nhigh = "512MiB"\n' },
  {
    title: "watermarks of two files that do not fit",
    file: '[headroom]\nhigh = "1GiB"\n',
    dropIn: 'headroom.low = "2GiB"\n',
  },
  { title: "a time without a unit", file: "[kill]\nterm_grace = 3\n" },
  { title: "a negative time", file: '[kill]\nterm_grace = "-3s"\n' },
  { title: "a time with an unknown unit", file: '[kill]\nterm_grace = "3 sec"\n' },
  { title: "a time out of range", file: '[stall]\nwindow = "1h"\n' },
  { title: "two units in one time", file: '[stall]\nwindow = "1min 30s"\n' },
  { title: "a budget of zero", file: "[kill]\nbudget = 0\n" },
  { title: "a fraction of a kill", file: "[kill]\nbudget = 1.5\n" },
  { title: "a flag in quotes", file: '[stall]\nenabled = "yes"\n' },
  { title: "a word that is not known", file: '[journal]\nformat = "xml"\n' },
  { title: "looks that grow denser in calm", file: '[pacing]\ncalm = "10ms"\n' },
  { title: "tight looks wider than near ones", file: '[pacing]\ntight = "30ms"\nnear = "20ms"\n' },
  { title: "a misspelled key", file: '[kill]\nterm_grase = "3s"\n' },
  { title: "a key in another style", file: '[kill]\ntermGrace = "3s"\n' },
  { title: "a key in the wrong section", file: '[stall]\ncool_down = "3s"\n' },
  { title: "a key that nothing is like", file: '[journal]\ndestination = "/dev/null"\n' },
  { title: "a key outside its section", file: 'low = "512MiB"\n' },
  { title: "a misspelled section", file: '[headrom]\nlow = "512MiB"\n' },
  { title: "a section written as a value", file: 'headroom = "512MiB"\n' },
  { title: "a list of sections", file: '[[headroom]]\nlow = "512MiB"\n' },
  { title: "a key of JavaScript", file: "[headroom]\nconstructor = 1\n__proto__ = 2\n" },
  { title: "an unknown policy", file: '[policy]\nname = "dekstop"\n' },
  { title: "a policy that nothing is like", file: '[policy]\nname = "the-oldest"\n' },
  { title: "options of an unknown policy", file: '[policy.dekstop]\nadj_nudge = "10%"\n' },
  { title: "an unknown option of a policy", file: '[policy.desktop]\nadj_nugde = "10%"\n' },
  { title: "an option of a policy without its unit", file: "[policy.desktop]\nadj_nudge = 10\n" },
  { title: "an unknown preset", file: 'preset = "laptop"\n' },
  { title: "a misspelled preset", file: 'preset = "sever"\n' },
  { title: "a rule without a verdict", file: '[[rule]]\nname = "make"\n' },
  { title: "a rule with an unknown verdict", file: '[[rule]]\nverdict = "nevr"\nname = "make"\n' },
  { title: "a rule without a condition", file: '[[rule]]\nverdict = "never"\n' },
  { title: "a rule with an unknown condition", file: '[[rule]]\nverdict = "never"\nnames = "make"\n' },
  { title: "a single table of rules", file: '[rule]\nverdict = "never"\nname = "make"\n' },
  { title: "a rule that spares everybody", file: '[[rule]]\nverdict = "never"\nname = "*"\n' },
  { title: "a rule that prefers everybody", file: '[[rule]]\nverdict = "prefer"\nexe = "*"\n' },
  { title: "an empty pattern", file: '[[rule]]\nverdict = "never"\nname = ""\n' },
  { title: "an empty list of patterns", file: '[[rule]]\nverdict = "never"\nname = []\n' },
  { title: "a pattern that is no text", file: '[[rule]]\nverdict = "never"\nname = ["make", 7]\n' },
  { title: "a regular expression that does not end", file: "[[rule]]\nverdict = \"avoid\"\nexe = '/usr.(bin|sbin/'\n" },
  { title: "a class that runs backwards", file: "[[rule]]\nverdict = \"avoid\"\nexe = '/usr.bin.[z-a]/'\n" },
  { title: "a lookahead", file: "[[rule]]\nverdict = \"avoid\"\nname = '/^(?!sshd)/'\n" },
  {
    title: "a backslash in double quotes",
    file: regex`[[rule]]
verdict = "avoid"
name = "/web\.content/"
`,
  },
  { title: "a name the kernel cuts", file: '[[rule]]\nverdict = "never"\nname = "gnome-session-binary"\n' },
  { title: "a glob longer than any name", file: '[[rule]]\nverdict = "never"\nname = "gnome-session-b*ary"\n' },
  { title: "a program without its path", file: '[[rule]]\nverdict = "never"\nexe = "firefox"\n' },
  { title: "a note that says nothing", file: '[[rule]]\nverdict = "never"\nname = "make"\nnote = 7\n' },
  { title: "a user by name", file: '[[rule]]\nverdict = "never"\nuid = "postgres"\n' },
  { title: "a negative user", file: '[[rule]]\nverdict = "never"\nuid = -1\n' },
  {
    title: "rules that contradict each other",
    file: '[[rule]]\nverdict = "prefer"\nname = "make"\n',
    dropIn: '[[rule]]\nverdict = "avoid"\nname = "make"\n',
  },
  {
    title: "a rule that never overrules",
    file: '[[rule]]\nverdict = "never"\nname = "make"\n[[rule]]\nverdict = "only"\nname = "make"\n',
  },
  { title: "the same key twice", file: "[kill]\nbudget = 3\nbudget = 4\n" },
  { title: "a text that does not end", file: '[headroom]\nlow = "512MiB\n' },
  { title: "no TOML at all", file: "headroom.low: 512MiB\n" },
  { title: "an override without a value", overrides: ["headroom.low"] },
  { title: "an override with a bare number", overrides: ["headroom.low=512"] },
  { title: "an override with half a unit", overrides: ["headroom.low=512M"] },
  { title: "an override of nothing known", overrides: ["headroom.lwo=512MiB"] },
  { title: "stalls asked for where there is no PSI", file: "[stall]\nenabled = true\n", hasPressure: false },
  {
    title: "many mistakes at once",
    file: '[headroom]\nlow = 512\nhihg = "1GiB"\n\n[kill]\nterm_grace = "3"\n\n[[rule]]\nverdict = "never"\n',
    overrides: ["kill.budget=none"],
  },
  {
    title: "a mistake far to the right, behind a tab and an invisible character",
    file: `[kill]\n\tcool_down = "1s" # ${"x".repeat(90)}\u202e\n[[rule]]\nverdict = "never"\nname = ["${"ab".repeat(60)}*", "", "z"]\n`,
  },
];
