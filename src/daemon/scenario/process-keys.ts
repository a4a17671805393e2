import { count, type KeyTable, key, rate, size, time } from "./key-meaning.ts";

const growth = {
  by: key(size, "How much it grows by."),
  per_second: key(rate, "How fast it grows, if it is let."),
};

/** What may be said of a process. */
export const processKeys = {
  process: {
    heading: "`[[process]]`",
    summary: "A process. Sizes are of one of it, if there are several.",
    keys: {
      name: key("a text", "Its name; others refer to it by that."),
      copies: key(count, "How many of it there are.", "1"),
      pid: key(count, "Its pid.", "the next one"),
      parent: key("the name of a process above", "Who started it.", "init"),
      uid: key(count, "Its user.", "0"),
      cgroup: key("a path", "The cgroup it is in.", '"/"'),
      exe: key("a text", "The program it runs.", "/usr/bin and its name"),
      cmdline: key("a text", "Its arguments.", "its name"),
      oom_score_adj: key(count, "-1000 to 1000.", "0"),
      threads: key(count, "How many threads it has.", "1"),
      leads_terminal: key("a flag", "It leads the session of a terminal, as an interactive shell does.", "false"),
      starts_at: key(time, "When it starts.", "it is there, with its memory in place"),
      ends_at: key(time, "When it exits by itself.", "never"),
      lasts: key(time, "How long after its start it exits by itself.", "for ever"),
      anon: key(size, "Anonymous memory it begins with.", "none"),
      memory: key("a list of tables", "How its memory grows, one phase after the other; see below.", "it does not"),
      touches_per_second: key(
        rate,
        "How much of its anonymous memory it goes through; it brings swapped memory back.",
        "none",
      ),
      hot: key(size, "The part of its anonymous memory it goes through; the rest lies idle.", "all of it"),
      text: key(
        size,
        "Program text it runs: mapped pages of files. What is evicted of it has to be read again.",
        "none",
      ),
      files: key("a table", "Files it goes through again and again; see below.", "none"),
      reads: key("a table", "A file it reads once, from its beginning to its end; see below.", "none"),
      writes: key("a table", "A file it writes once; see below.", "none"),
      interactive: key(
        "a flag",
        "Somebody sits before it: it wakes every 100 ms, and how long each wake takes is told.",
        "false",
      ),
      children: key("a table", "Processes it starts, one after the other; see below.", "none"),
      exits_after: key(time, "How soon it exits when it is asked to (SIGTERM).", '"10ms"'),
      ignores_sigterm: key("a flag", "It does not exit when it is asked to.", "false"),
      exit: key("a table", "How it dies; see below.", "as fast as one that runs"),
      stops_at: key(time, "It is stopped (SIGSTOP) from then on.", "never"),
      shares_memory_with: key("the name of a process above", "Whose memory it uses.", "it has its own"),
    },
  },
  steady: {
    heading: '`memory`, with `kind = "steady"`',
    summary: "It stays as it is.",
    keys: { kind: key('"steady"', "The kind of phase."), for: key(time, "How long.") },
  },
  ramp: {
    heading: '`memory`, with `kind = "ramp"`',
    summary: "It grows by so much.",
    keys: { kind: key('"ramp"', "The kind of phase."), ...growth },
  },
  leak: {
    heading: '`memory`, with `kind = "leak"`',
    summary: "It grows for ever.",
    keys: { kind: key('"leak"', "The kind of phase."), per_second: growth.per_second },
  },
  spike: {
    heading: '`memory`, with `kind = "spike"`',
    summary: "It grows, holds, and gives all of it back at once.",
    keys: { kind: key('"spike"', "The kind of phase."), ...growth, hold: key(time, "How long it holds.") },
  },
  files: {
    heading: "`files`",
    summary: "Files a process goes through again and again: its part of the page cache.",
    keys: { size: key(size, "How much."), per_second: key(rate, "How fast it goes through them.") },
  },
  reads: {
    heading: "`reads`",
    summary: "A file that is read once. It fills the page cache with what nobody needs again.",
    keys: {
      per_second: key(rate, "How fast, if the disk lets it."),
      size: key(size, "How long the file is.", "it never ends"),
      direct: key("a flag", "Past the page cache (O_DIRECT): the disk is busy, memory is not.", "false"),
    },
  },
  writes: {
    heading: "`writes`",
    summary: "A file that is written once. On a disk it is dirty page cache until it is written back.",
    keys: {
      per_second: key(rate, "How fast, if the disk lets it."),
      size: key(size, "How long the file is.", "it never ends"),
      to: key('"disk" or "tmpfs"', "Where; in tmpfs it stays in memory when its writer is gone.", '"disk"'),
    },
  },
  children: {
    heading: "`children`",
    summary: "Processes that a process starts, one after the other, for as long as it lives.",
    keys: {
      per_second: key("a number", "How many it starts in a second."),
      count: key(count, "How many it starts in all.", "no end"),
      at_once: key(count, "How many there are at a time, as `make -j` holds it.", "any number"),
      each: key("a table", "What each of them is, written as a process; its times count from its own start."),
    },
  },
  exit: {
    heading: "`exit`",
    summary: "How a process dies.",
    keys: {
      after: key(time, "From SIGKILL to letting go of its memory."),
      per_gib: key(time, "How long it takes to give 1 GiB back."),
    },
  },
} as const satisfies Readonly<Record<string, KeyTable>>;
