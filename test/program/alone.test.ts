import assert from "node:assert/strict";
import type { ReleaseEdit } from "../../rollout/configuration";
import { Parameters } from "../../cloud/parameters";
import { formatKnown, releaseParameter } from "../../model/known";
import { greenAt } from "../../model/release";
import { RULES } from "../../model/rules";
import { type Remembered, madeUp, type MadeUp } from "./alone-fixture";
import { type Closing, PATIENCE, atCloud, closeAll } from "./fixture";

const DAY = 86_400;
const MIGRATION = { revision: "5f1c2a", phase: "expand", serves: "2.3.1" } as const;
const LIMITS = { step: 25, bakeSeconds: 3_600, warmSeconds: 600, coldSeconds: DAY };

type Config = readonly (readonly [path: readonly string[], value: unknown])[];

/** What somebody edits: the release, and other values under `config`. */
interface Edit {
  readonly release?: ReleaseEdit;
  readonly config?: Config | ((since: string) => Config);
}

/** An edit that one rule refuses and the nearest one that all permit, over one history and at one moment each. */
interface Pair {
  readonly id: string;
  readonly what: string;
  /** What settings say, where these refuse it already. Absent: a rule does. */
  readonly by?: RegExp;
  readonly remembered?: (left: MadeUp["left"]) => Remembered;
  readonly refused: Edit & { readonly after?: number };
  readonly permitted: Edit & { readonly after?: number };
}

const later = (at: string, seconds: number) => new Date(Date.parse(at) + seconds * 1_000).toISOString();
const full = (left: MadeUp["left"]): Remembered => ({
  release: { traffic: greenAt(100), drainedAt: { blue: later(left.since, -DAY) } },
  shares: greenAt(100),
});
const promote = { release: { traffic: greenAt(100), live: "green" } } as const;
const shift = (green: number): Edit => ({ release: { traffic: greenAt(green) } });

/** dev's: how long clients hold on to a colour, and a deregistered target to its requests. */
const DRAIN = 60 + 30;
const FROZEN = 600;
const frozen = (since: string): Config => [
  [["sluice:limits", "freezes"], [{ reason: "inventory", from: since, until: later(since, FROZEN) }]],
];

/** A flag for so many percent of the sessions, where 5 % of the users may be in two experiments. */
const flagged = (percentage: number): Config => [
  [["sluice:limits", "exposure"], 5],
  [["sluice:flags"], { "partial-results": { rollout_percentage: percentage } }],
];

/** What the stack takes has baked there. */
const AFTER_STAGING: Config = [[["sluice:bakedIn"], "staging"]];

/** What pods of a caller are told of a provider. */
const told = (name: string) => ({
  secret: `voiceassist/dev/providers/${name}`,
  variable: `${name.toUpperCase()}_API_KEY`,
  clearCaches: false,
});
const declared = (name: string): Config => [[["sluice:providers"], { [name]: { requestsPerMinute: 600 } }]];

const storage = (gib: number): Config => [[["sluice:backends", "database", "storageGb"], gib]];
const superseding = (version: string): Edit => ({
  release: {
    ...{ live: "green", traffic: greenAt(100), supersedes: version },
    ...{ blue: { version: "2.5.0" }, green: { version: "2.4.0" } },
  },
});

const PAIRS: readonly Pair[] = [
  { id: "T1", what: "a rise by a point more than the step", refused: shift(26), permitted: shift(25) },
  {
    id: "T2",
    what: "a point of traffic for a colour without a version",
    remembered: () => ({ release: { green: {} } }),
    refused: { release: { traffic: greenAt(1), green: {} } },
    permitted: { release: { traffic: greenAt(0), green: {} } },
  },
  {
    id: "T3",
    what: "a point of traffic before the version's migration",
    remembered: ({ green }) => ({ release: { green: { ...green, migration: MIGRATION } } }),
    refused: { release: { traffic: greenAt(1), green: { version: "2.4.0", migration: MIGRATION } } },
    permitted: { release: { traffic: greenAt(0), green: { version: "2.4.0", migration: MIGRATION } } },
  },
  {
    id: "T4",
    what: "another version in a colour with a point of traffic",
    remembered: () => ({ release: { traffic: greenAt(1) }, shares: greenAt(1) }),
    refused: { release: { traffic: greenAt(1), green: { version: "2.4.1" } } },
    permitted: { release: { traffic: greenAt(1), green: { version: "2.4.0" } } },
  },
  {
    id: "T5",
    what: "a promote a second early",
    remembered: full,
    refused: { ...promote, after: LIMITS.bakeSeconds - 1 },
    permitted: { ...promote, after: LIMITS.bakeSeconds },
  },
  {
    id: "T6",
    what: "the removal of a colour a second before its clients let go",
    remembered: ({ since }) => ({ release: { drainedAt: { green: since } } }),
    refused: { release: { green: {} }, after: DRAIN - 1 },
    permitted: { release: { green: {} }, after: DRAIN },
  },
  {
    id: "T7",
    what: "a migration that leaves the live version behind by a patch",
    remembered: () => ({ release: { green: {} } }),
    refused: { release: { green: { version: "2.4.0", migration: { ...MIGRATION, serves: "2.3.2" } } } },
    permitted: { release: { green: { version: "2.4.0", migration: MIGRATION } } },
  },
  {
    id: "T8",
    what: "a point of traffic together with a GiB of storage",
    refused: { ...shift(1), config: storage(21) },
    permitted: { ...shift(0), config: storage(21) },
  },
  {
    id: "T9",
    what: "a patch that has not baked in staging",
    remembered: () => ({ release: { green: {} } }),
    refused: { release: { green: { version: "2.4.1" } }, config: AFTER_STAGING },
    permitted: { release: { green: { version: "2.4.0" } }, config: AFTER_STAGING },
  },
  {
    id: "T10",
    what: "a point of traffic a second before a freeze ends",
    refused: { ...shift(1), config: frozen, after: FROZEN - 1 },
    permitted: { ...shift(1), config: frozen, after: FROZEN },
  },
  {
    id: "T11",
    what: "a version and a flag that are new to a tenth of a percent of the users too many",
    refused: { ...shift(10), config: flagged(51) },
    permitted: { ...shift(10), config: flagged(50) },
  },
  {
    id: "T12",
    what: "a point of traffic for a version that was taken back",
    remembered: ({ since }) => ({ release: { takenBack: [{ version: "2.4.0", at: since }] } }),
    refused: shift(1),
    permitted: shift(0),
  },
  {
    id: "T13",
    what: "a deployment over the retained version, while another is named",
    remembered: ({ since, blue }) => ({
      release: {
        live: "green",
        traffic: greenAt(100),
        trusted: {
          ...{ colour: "green", version: "2.4.0", at: later(since, -DAY) },
          predecessor: { colour: "blue", manifest: blue },
        },
        retention: { warmUntil: later(since, -1), coldUntil: later(since, DAY) },
      },
      shares: greenAt(100),
    }),
    refused: superseding("2.3.0"),
    permitted: superseding("2.3.1"),
  },
  {
    id: "T14",
    what: "a GiB less for the vector store",
    refused: { config: [[["sluice:backends", "vectorStore", "storageGb"], 19]] },
    permitted: { config: [[["sluice:backends", "vectorStore", "storageGb"], 21]] },
  },
  {
    id: "T15",
    what: "a provider taken away that a colour still calls",
    remembered: () => ({
      release: {
        green: { version: "2.4.0", settings: { PRIMARY_PROVIDER: "groq" } },
        providers: { groq: told("groq"), openai: told("openai") },
      },
    }),
    refused: { config: declared("openai") },
    permitted: { config: declared("groq") },
  },
  {
    id: "S1",
    what: "an image tag that moves",
    by: /sluice:release\.green\.version: found "latest"/,
    refused: { release: { green: { version: "latest" } } },
    permitted: { release: { green: { version: "2.4.1" } } },
  },
  {
    id: "S2",
    what: "stickiness a second longer than the warm retention",
    by: /sluice:limits\.stickinessSeconds: found 601; allowed: 600 at most \(S2\)/,
    refused: { config: [[["sluice:limits", "stickinessSeconds"], LIMITS.warmSeconds + 1]] },
    permitted: { config: [[["sluice:limits", "stickinessSeconds"], LIMITS.warmSeconds]] },
  },
  {
    id: "S6",
    what: "shares that sum to 101",
    by: /sluice:release\.traffic: found \{"blue":99,"green":2\}/,
    refused: { release: { traffic: { blue: 99, green: 2 } } },
    permitted: { release: { traffic: { blue: 99, green: 1 } } },
  },
];

/** Publishes what staging's stack would: that a version has baked there. @param at ISO time */
async function staging(version: string, at: string): Promise<void> {
  const known = {
    live: "blue",
    strategy: "canary",
    versions: { blue: version },
    unserved: [],
    sizes: {},
  } as const;
  const value = formatKnown({ ...known, baked: [{ version, at }] });
  await new Parameters("us-east-1").put(releaseParameter("voiceassist", "staging"), value);
}

/** Ids of the rules that the program names. */
function refusedBy(said: string): string[] {
  assert.match(said, /this release is refused; nothing was changed/);
  return [...new Set([...said.matchAll(/^\s+([ST]\d+) sluice:/gm)].map(([, id = ""]) => id))];
}

describe("the program alone, in a preview with no policy pack", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let stack: MadeUp;
  let known: string;

  before(async () => {
    stack = await madeUp(async (local) => {
      await local.set(["sluice:limits"], LIMITS);
      for (const green of [{}, { version: "2.4.0" }]) {
        await local.edit({ green });
        const { result, diagnostics } = await local.stack.up();
        assert.equal(result, "succeeded", diagnostics.join("\n"));
      }
    });
    opened.push(stack);
    atCloud(stack.cloud, opened);
    await staging("2.4.0", later(stack.left.since, -DAY));
    known = await stack.copy.read();
  });
  after(() => closeAll(opened));

  const preview = async ({ release, config = [], after = 60 }: Edit & { readonly after?: number }) => {
    await stack.copy.write(known);
    const values = typeof config === "function" ? config(stack.left.since) : config;
    for (const [path, value] of values) await stack.set(path, value);
    if (release) await stack.edit(release);
    return stack.judgedAt(later(stack.left.since, after));
  };

  it("is tried with every rule", () => {
    const tried = new Set(PAIRS.map(({ id }) => id));
    assert.deepEqual(
      RULES.filter(({ id }) => !tried.has(id)),
      [],
    );
  });

  for (const { id, what, by, remembered, refused, permitted } of PAIRS) {
    it(`refuses by ${id} ${what}, and permits the nearest that is none`, async () => {
      await stack.remember(remembered?.(stack.left) ?? {});
      const found = await preview(refused);
      assert.equal(found.result, "failed", "it went through");
      if (by) assert.match(found.said, by);
      else assert.deepEqual(refusedBy(found.said), [id], found.said);
      const nearest = await preview(permitted);
      assert.equal(nearest.result, "succeeded", nearest.said);
    });
  }
});
