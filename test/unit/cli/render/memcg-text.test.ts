import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { renderMemcgs } from "#cli/render/memcg-text.ts";
import { createStyle } from "#cli/render/style.ts";
import type { SeenMemcg } from "#daemon/views/memcg-view.ts";
import { gib, mib, milliseconds } from "#domain/units.ts";
import { plenty } from "./answer-samples.ts";

const seen: SeenMemcg = {
  limits: [],
  usage_kib: mib(700),
  headroom_kib: mib(324),
  min_kib: mib(50),
  low_kib: mib(100),
  high_kib: mib(150),
  alarm: undefined,
  members: 12,
  first: plenty.first,
};

const alarm = {
  alarm_kind: "scarce",
  reason: "below-watermark",
  zone: "headroom",
  watermark: "low",
  headroom_kib: mib(60),
  threshold_kib: mib(100),
} as const;

const plain = createStyle(false);
const memcg = "/app";

test("no memcg that is to be watched is no line", () => {
  assert.deepEqual(renderMemcgs([], plain), []);
});

test("a memcg is told with what is left in it, and who of its members would go first", () => {
  assert.deepEqual(renderMemcgs([{ memcg, standing: "watched", limit_kib: gib(1), seen }], plain), [
    "MEMCGS",
    "  /app has 324 MiB of headroom, low is 100 MiB; of its 12 members the first to go is 4242 (chrome)",
  ]);
});

test("a memcg with an alarm is told with its reason; nobody eligible and members that cannot be read are said", () => {
  const alarmed = { ...seen, alarm, members: 1, first: undefined };
  const [, ...lines] = renderMemcgs(
    [
      { memcg, standing: "watched", limit_kib: gib(1), seen: alarmed },
      { memcg, standing: "watched", limit_kib: gib(1), seen: { ...seen, members: undefined } },
    ],
    plain,
  );
  assert.deepEqual(
    lines.map((line) => line.replaceAll(/\s+/g, " ").trim()),
    [
      "/app alarm scarce: headroom 60 MiB is below low (100 MiB); of its 1 member nobody is eligible",
      "/app has 324 MiB of headroom, low is 100 MiB; its members cannot be read",
    ],
  );
});

test("a memcg that is not watched is told with the reason, and its name changes no terminal", () => {
  const standings = ["absent", "unlimited", "limit-too-small"] as const;
  const [, ...lines] = renderMemcgs(
    standings.map((standing) => ({ memcg: "/a\u001b[2J", standing })),
    plain,
  );
  assert.deepEqual(lines, [
    "  /a\\x1b[2J is not there now",
    "  /a\\x1b[2J has no limit, and so no shortage of its own",
    "  /a\\x1b[2J has a limit that its watermarks do not fit into",
  ]);
});

test("colour marks a memcg with an alarm, and carries nothing that the words do not", () => {
  const views = [{ memcg, standing: "watched", limit_kib: gib(1), seen: { ...seen, alarm } }] as const;
  const colored = renderMemcgs(views, createStyle(true));
  assert.notDeepEqual(colored, renderMemcgs(views, plain));
  assert.deepEqual(colored.map(stripVTControlCharacters), renderMemcgs(views, plain));
});

test("a limit of a memcg's own is told against what it has; one without any other says so", () => {
  const limits = [
    {
      reason: "memcg-size",
      scope_size_kib: mib(700),
      threshold_kib: gib(1),
      hold_for_ms: milliseconds(0),
    },
  ] as const;
  assert.deepEqual(renderMemcgs([{ memcg, standing: "watched", seen: { ...seen, limits } }], plain).slice(1), [
    "  /app has no limit; 700 MiB in RAM, limit 1 GiB; of its 12 members the first to go is 4242 (chrome)",
  ]);
});
