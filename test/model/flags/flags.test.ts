import assert from "node:assert/strict";
import fc from "fast-check";
import { PARTIAL_RESULTS } from "../../../client/index";
import { parseValue } from "../../../client/value";
import { ENVIRONMENTS } from "../../../model/environments";
import {
  FLAG_SETTINGS,
  FLAG_SETTING_NAMES,
  type Flag,
  type FlagValue,
  exposureOf,
} from "../../../model/flags/flag";
import { refuseWrite } from "../../../model/flags/guard";
import { flagOf, flagParameter, flagsPath } from "../../../model/flags/parameter";
import { bakesFor, nextStop, offPlan } from "../../../model/flags/steps";
import { disabledText, flagChanges, formatFlag, parseFlag } from "../../../model/flags/value";
import { namedPlan } from "../../../model/rollout/plans";
import { START, at } from "../fixtures";

const DAY = 86_400;
const WEEKLY = namedPlan("weekly");

const flag = (percentage: number, changes: Partial<Flag> = {}): Flag => ({
  ...{ enabled: true, percentage, settings: {}, settled: false, plan: WEEKLY, alarms: [] },
  ...changes,
});
const had = (percentage: number, since?: string) => ({
  flags: { partial: { percentage, settled: false, ...(since !== undefined && { since }) } },
});

const value: fc.Arbitrary<FlagValue> = fc.record(
  {
    enabled: fc.boolean(),
    percentage: fc.integer({ min: 0, max: 100 }),
    settings: fc.record(
      Object.fromEntries(
        FLAG_SETTING_NAMES.map((name) => {
          const { least, most } = FLAG_SETTINGS[name];
          return [name, fc.double({ min: least, max: most, noNaN: true })];
        }),
      ),
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
);

describe("a flag's parameter", () => {
  it("is named as guide 004 has it", () => {
    const names = ENVIRONMENTS.map((environment) =>
      flagParameter("audio-transcription", environment, "partial-results"),
    );
    assert.deepEqual(names, [
      "/audio-transcription/dev/partial-results/config",
      "/audio-transcription/staging/partial-results/config",
      "/audio-transcription/partial-results/config",
    ]);
  });

  it("is found by its name again, and one of another environment or of something else is not", () => {
    const names = ENVIRONMENTS.map((environment) => flagParameter("app", environment, "search"));
    for (const [index, environment] of ENVIRONMENTS.entries()) {
      const found = [...names, "/app/search", "/app/a/b/c/config", "/application/search/config"].map((name) =>
        flagOf("app", environment, name),
      );
      assert.deepEqual(
        found.map((one) => one === "search"),
        [...ENVIRONMENTS.map((_, other) => other === index), false, false, false],
      );
      assert.ok(names[index]!.startsWith(`${flagsPath("app", environment)}/`));
    }
  });

  it("has the guide's text", () => {
    const settings = { min_stability_threshold: 0.85, max_buffer_timeout: 5 };
    assert.deepEqual(JSON.parse(formatFlag({ enabled: true, percentage: 100, settings })), {
      ...{ enabled: true, rollout_percentage: 100 },
      ...settings,
    });
  });

  it("says to readers, and to applications, what was written", () => {
    fc.assert(
      fc.property(value, (written) => {
        const text = formatFlag(written);
        assert.deepEqual(parseFlag(text), written);
        const read = parseValue(text, PARTIAL_RESULTS);
        assert.deepEqual([read.enabled, read.percentage], [written.enabled, written.percentage]);
        for (const [name, number] of Object.entries(written.settings)) {
          assert.equal(read.settings[name as keyof typeof PARTIAL_RESULTS], number);
        }
      }),
    );
  });

  it("has the ranges that the client has", () => {
    assert.deepEqual({ ...FLAG_SETTINGS }, { ...PARTIAL_RESULTS });
  });

  it("is refused by readers wherever applications refuse it", () => {
    const texts = [
      ..."enabled|[]|null|{}|1".split("|"),
      '{"enabled":true,"rollout_perce',
      ...['"yes"', "1", "null"].map((enabled) => `{"enabled":${enabled},"rollout_percentage":1}`),
      ...["101", "-1", "0.5", '"5"'].map((share) => `{"enabled":true,"rollout_percentage":${share}}`),
      ...FLAG_SETTING_NAMES.flatMap((name) => {
        const { least, most } = FLAG_SETTINGS[name];
        return [least - 0.01, most + 0.01, '"5"'].map(
          (wrong) => `{"enabled":true,"rollout_percentage":1,"${name}":${wrong}}`,
        );
      }),
    ];
    for (const text of texts) {
      assert.throws(() => parseFlag(text), /the flag's .*found .*/s, text);
      assert.throws(() => parseValue(text, PARTIAL_RESULTS), /found .*allowed is/, text);
    }
  });

  it("is disabled by one key, and keeps those of others", () => {
    const text = '{"enabled":true,"rollout_percentage":50,"theme":"dark"}';
    assert.equal(disabledText(text), '{"enabled":false,"rollout_percentage":50,"theme":"dark"}');
    assert.equal(disabledText('{"enabled":tr'), undefined);
    assert.equal(disabledText("[]"), undefined);
  });

  it("is compared key by key", () => {
    const before: FlagValue = { enabled: true, percentage: 50, settings: { max_buffer_timeout: 5 } };
    assert.deepEqual(flagChanges(before, before), []);
    const after: FlagValue = { enabled: false, percentage: 50, settings: { min_stability_threshold: 0.9 } };
    assert.deepEqual(flagChanges(before, after), [
      "enabled true → false",
      "max_buffer_timeout 5 → nothing",
      "min_stability_threshold nothing → 0.9",
    ]);
  });
});

describe("a flag's plan", () => {
  const refused = (from: number, asked: Flag) => offPlan({ partial: asked }, had(from));

  it("lets it rise to its next stop and no further", () => {
    assert.deepEqual(
      [0, 9, 10, 49, 50, 99, 100].map((share) => nextStop(flag(0), share)),
      [10, 10, 50, 50, 100, 100, 100],
    );
    for (const [from, to] of [
      [0, 10],
      [10, 50],
      [20, 50],
      [50, 100],
    ] as const) {
      assert.deepEqual(refused(from, flag(to)), []);
      if (to === 100) continue;
      const [found, ...more] = refused(from, flag(to + 1));
      assert.deepEqual(more, []);
      assert.equal(found?.where, "sluice:flags.partial.rollout_percentage");
      assert.match(found.why, new RegExp(`from ${from} % .* to ${to + 1} %, .*\\(weekly\\) is ${to} %`));
      assert.equal(found.remedy, `pulumi config set --path 'sluice:flags.partial.rollout_percentage' ${to}`);
    }
  });

  it("takes a new flag for one that nobody has, but in a new stack", () => {
    assert.equal(offPlan({ partial: flag(11) }, {}).length, 1);
    assert.deepEqual(offPlan({ partial: flag(100) }, undefined), []);
  });

  it("refuses every rise while it is held, and no fall", () => {
    const held = { plan: { ...WEEKLY, hold: "support is away" } };
    assert.match(refused(0, flag(1, held))[0]!.why, /held: support is away/);
    assert.deepEqual(refused(10, flag(10, held)), []);
    assert.deepEqual(refused(10, flag(9, held)), []);
  });

  it("permits every fall, and every change of a disabled flag", () => {
    const share = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(share, share, (one, other) => {
        assert.deepEqual(refused(Math.max(one, other), flag(Math.min(one, other))), []);
        assert.deepEqual(refused(one, flag(other, { enabled: false })), []);
      }),
    );
  });

  it("says how long it bakes where it is", () => {
    const before = (percentage: number) => had(percentage, START).flags.partial;
    assert.equal(bakesFor(flag(0), before(10), at(DAY)), 6 * DAY);
    assert.equal(bakesFor(flag(0), before(10), at(7 * DAY)), 0);
    assert.equal(bakesFor(flag(0), before(0), START), 0);
    assert.equal(bakesFor(flag(0), { percentage: 10, settled: false }, START), 0);
    assert.equal(bakesFor(flag(0), undefined, START), 0);
  });
});

describe("the guard of a flag", () => {
  const share = fc.integer({ min: 0, max: 100 });
  const live = (percentage: number, enabled = true) => ({
    value: { enabled, percentage, settings: {} },
  });

  it("lets an update write no more sessions than there are now, whatever happened before", () => {
    fc.assert(
      fc.property(share, share, fc.option(share, { nil: undefined }), (now, after, recorded) => {
        const has = Math.max(now, after);
        const write = { flag: "partial", after: Math.min(now, after), recorded, live: live(has) };
        assert.equal(refuseWrite(write), undefined);
      }),
    );
  });

  it("never lets one raise what somebody has lowered since the last update", () => {
    fc.assert(
      fc.property(share, share, share, fc.boolean(), (recorded, has, after, enabled) => {
        const exposed = exposureOf({ enabled, percentage: has });
        fc.pre(exposed < recorded && after > exposed);
        const refusal = refuseWrite({ flag: "partial", after, recorded, live: live(has, enabled) });
        assert.equal(refusal?.kind, "drift");
        const [key, value] = enabled ? ["rollout_percentage", has] : ["enabled", false];
        assert.match(
          refusal.why,
          new RegExp(`pulumi config set --path 'sluice:flags.partial.${key}' ${value} && pulumi up$`),
        );
      }),
    );
  });

  it("lets one rise from where the last update left it, and be made", () => {
    assert.equal(refuseWrite({ flag: "partial", after: 50, recorded: 10, live: live(10) }), undefined);
    assert.equal(refuseWrite({ flag: "partial", after: 50, recorded: 0, live: live(10, false) }), undefined);
    assert.equal(
      refuseWrite({ flag: "partial", after: 50, recorded: undefined, live: { value: undefined } }),
      undefined,
    );
    const strange = refuseWrite({ flag: "partial", after: 50, recorded: undefined, live: live(10) });
    assert.match(strange!.why, /no update has written it/);
  });

  it("refuses what it cannot see, but for a fall", () => {
    const unseen = { unseen: "AccessDeniedException" };
    const refusal = refuseWrite({ flag: "partial", after: 10, recorded: 10, live: unseen });
    assert.equal(refusal?.kind, "unseen");
    assert.match(refusal.why, /10 % .* AccessDeniedException/);
    assert.equal(refuseWrite({ flag: "partial", after: 9, recorded: 10, live: unseen }), undefined);
    assert.equal(refuseWrite({ flag: "partial", after: 0, recorded: undefined, live: unseen }), undefined);
    assert.equal(
      refuseWrite({ flag: "partial", after: 1, recorded: undefined, live: unseen })?.kind,
      "unseen",
    );
  });
});
