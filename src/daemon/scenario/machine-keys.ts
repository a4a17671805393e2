import { count, type KeyTable, key, rate, size, time } from "./key-meaning.ts";

const swapDevice = {
  size: key(size, "How much fits onto it."),
  priority: key(count, "The device with the highest is filled first.", "zram 100, disks -2"),
  swapon_at: key(time, "It is not there before.", "from the beginning"),
  swapoff_at: key(time, "From then on it is emptied, slowly, and it is gone when it is empty.", "never"),
};

/** What may be said of the machine, and of how its story has to end. */
export const machineKeys = {
  machine: {
    heading: "At the top of the file",
    summary: "The machine, and how long it is watched.",
    keys: {
      title: key("a text", "What is told, in one sentence.", "the path of the file"),
      seed: key(count, "Equal scenarios run equally; another seed varies how fast processes react and die.", "1"),
      duration: key(time, "How long it is watched."),
      ram: key("a size, or a list of sizes", "What MemTotal says; of a list the first, where nobody asks for another."),
      cpus: key(count, "How many processors it has.", "4"),
      swap: key("a table or a list of tables", "Its swap; see below.", "none"),
      swappiness: key(count, "vm.swappiness, 0 to 200.", "60"),
      zswap: key("a table", "Compressed memory in front of swap on disks; see below.", "none"),
      disk_per_second: key(rate, "Bandwidth of the disk the files are on.", '"200MiB"'),
      disk_latency: key(
        time,
        'What one read costs that does not follow the last; "8ms" for a disk that turns.',
        '"0.1ms"',
      ),
      file_cache: key(size, "Cached files that nobody reads again.", "none"),
      tmpfs: key(size, "Files in tmpfs: shared memory that only swap can take.", "none"),
      hugetlb: key(size, "Memory set aside for huge pages, which nobody uses.", "none"),
      zfs_arc: key("a table", "The cache of ZFS, which MemAvailable does not know; see below.", "none"),
      kernel_memory: key(size, "Memory of the kernel that cannot be reclaimed.", "3 % of RAM"),
      min_free: key(size, "vm.min_free_kbytes.", "as the kernel chooses it"),
      cold_start: key("a flag", "It has just booted: nothing of programs and files has been read yet.", "false"),
      suspend: key("a list of tables", "When it sleeps; see below.", "never"),
      cgroup: key("a list of tables", "Cgroups with limits; see below.", "none"),
      giver: key("a list of tables", "Who gives memory back when tidemark asks; see below.", "nobody"),
      lacks: key("a list of words", "What its kernel does not have.", "nothing"),
      desktop: key(
        size,
        "The session of somebody at work: shell, browser with tabs, editor, mail, terminal, in their cgroups.",
        "none",
      ),
      process: key("a list of tables", "Who lives on it; see below."),
      settings: key(
        "a table",
        "Settings of tidemark that belong to the story, as in its own file: [[settings.memcg]] is its [[memcg]].",
        "those that are chosen",
      ),
      expect: key("a table", "How the story has to end; see below.", "nothing is expected"),
    },
  },
  diskSwap: {
    heading: '`swap`, with `kind = "disk"` or no kind',
    summary: "Swap on a disk.",
    keys: {
      kind: key('"disk" or "zram"', "What it is.", '"disk"'),
      ...swapDevice,
      per_second: key(rate, "Bandwidth of a disk of its own.", "it lies on the disk the files are on, and shares it"),
    },
  },
  zramSwap: {
    heading: '`swap`, with `kind = "zram"`',
    summary: "Swap in compressed RAM.",
    keys: {
      kind: key('"zram"', "What it is."),
      ...swapDevice,
      ratio: key("a number of at least 1", "How many pages fit into one.", "3"),
      mem_limit: key(size, "The most RAM it may take.", "no limit"),
      per_second: key(rate, "How fast one processor compresses.", '"1GiB"'),
    },
  },
  zswap: {
    heading: "`zswap`",
    summary: "Compressed memory in front of swap on disks.",
    keys: {
      ratio: key("a number of at least 1", "How many pages fit into one.", "3"),
      max_pool: key(size, "The most RAM it may take; what does not fit goes to disk.", '"20%"'),
    },
  },
  zfsArc: {
    heading: "`zfs_arc`",
    summary: "The cache of ZFS.",
    keys: {
      size: key(size, "How large it is at first."),
      min: key(size, "Below that it gives nothing back (c_min)."),
      per_second: key(rate, "How fast it shrinks while memory is short.", '"100MiB"'),
    },
  },
  suspend: {
    heading: "`[[suspend]]`",
    summary:
      "The machine sleeps. Its clock jumps, as that of a paused guest does; what was due meanwhile is due when it wakes.",
    keys: {
      at: key(time, "When it falls asleep."),
      for: key(time, "How long it sleeps."),
      drops_caches: key("a flag", "It wakes as from hibernation: all files have to be read again.", "false"),
    },
  },
  cgroup: {
    heading: "`[[cgroup]]`",
    summary: "A cgroup with limits, for the processes that name it or one below it.",
    keys: {
      path: key("a path", "Where it is."),
      max: key(
        size,
        "memory.max: above it the kernel reclaims inside, and kills inside when that brings nothing.",
        "no limit",
      ),
      swap_max: key(size, "memory.swap.max.", "no limit"),
      low: key(size, "memory.low: what rankings of cgroups leave it.", "nothing"),
      oom_group: key("a flag", "memory.oom.group: it goes as a whole where one of several cgroups is chosen.", "false"),
      preference: key("a word", "Its oomd_prefer, oomd_avoid or oomd_omit, without oomd_.", '"none"'),
    },
  },
  giver: {
    heading: "`[[giver]]`",
    summary:
      "A process that holds memory and gives it back when it is asked to. Tidemark asks it if its settings have a giver of that name.",
    keys: {
      name: key("a text", "The name of the giver in the settings."),
      holds: key(size, "How much it holds until then."),
      after: key(time, "From being asked to letting go of it."),
      behaves: key(
        '"gives", "hangs" or "fails"',
        "Whether it does: one that hangs never ends, one that fails keeps all.",
        '"gives"',
      ),
    },
  },
  noKill: {
    heading: '`[expect]`, with `kills = "none"`',
    summary: "Nobody may be killed, by anybody.",
    keys: { kills: key('"none"', "Nobody.") },
  },
  kill: {
    heading: "`[expect]`",
    summary: "Whom tidemark has to kill.",
    keys: {
      kills: key("see above", "Left out where somebody has to be killed.", "somebody has to"),
      victim: key("the name of a process", "Who has to be killed, and nobody else."),
      within: key(time, "When the first of them has to be signalled."),
      at_most: key(count, "How many of them may be killed.", "1"),
      by_itself: key("a flag", "It is asked early enough to exit by itself: nobody gets SIGKILL.", "false"),
      longest_stall: key(time, "How long nobody at the machine may be kept waiting.", '"1s"'),
    },
  },
} as const satisfies Readonly<Record<string, KeyTable>>;
