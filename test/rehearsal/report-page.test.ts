import assert from "node:assert/strict";
import fc from "fast-check";
import { clock, count, milliseconds, percent, seconds } from "../../rehearsal/report/html/format";
import { reportPage } from "../../rehearsal/report/html/page";
import { type Record1, type StepRecord, recordOf } from "../../rehearsal/report/record";
import { CLOCK, type Fault, failure, noticed, recordOfFault, refused, sample, shift } from "./report-fixture";

const fault: Fault = { seconds: 60.25, moved: 9, failing: 14 };

const engine = { version: "3.250.0", source: "path" };

/** What a page tells: its text, and what is said of parts that are pointed at; without the scales of its axes. */
const told = (page: string): string =>
  page
    .replace(/<style>[^]*?<\/style>|<g class="axis">[^]*?<\/g>/g, "")
    .replace(/<[^>]*?(?: (?:title|aria-label)="([^"]*)"[^>]*?)*>/g, " $1 ")
    .replace(/\s+/g, " ");

/** Figures in a text, as they are written. */
const figuresIn = (text: string): string[] => text.match(/\d+(?:,\d{3})*(?::\d\d)*(?:\.\d+)?/g) ?? [];

/** Every value of a record, at any depth. */
const leaves = (value: unknown): unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];

/** Every list of a record, and every group of figures by colour. */
const groups = (value: unknown): object[] =>
  typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(groups)] : [];

/** Every way in which a page may write something that is in a record. */
function writable(record: Record1): Set<string> {
  const found = new Set<string>();
  const add = (text: string) => figuresIn(text).forEach((figure) => found.add(figure));
  for (const leaf of leaves(record)) {
    // Of times the page leaves out what is finer than seconds.
    if (typeof leaf === "string") [leaf, leaf.slice(0, 19)].map(add);
    if (typeof leaf === "number")
      [count, percent, seconds, milliseconds, clock].map((write) => add(write(leaf)));
  }
  for (const group of groups(record)) {
    if (Array.isArray(group)) add(count(group.length));
    else if ("unknown" in group || "blue" in group) {
      const byColour = Object.entries(group).filter(([, value]) => typeof value === "number");
      add(count(byColour.reduce((total, [, value]) => total + Number(value), 0)));
      // Of new sessions those that no colour answered are left out.
      add(
        count(byColour.reduce((total, [name, value]) => total + (name === "unknown" ? 0 : Number(value)), 0)),
      );
    }
  }
  // Each step's number, the time at which a sample began, and how many edits were refused.
  record.steps.forEach((_, at) => add(count(at + 1)));
  record.samples?.forEach((one) => add(clock(one.seconds - one.lasted)));
  const unsafe = record.steps.filter(({ kind }) => kind === "refused");
  add(count(unsafe.length));
  add(count(unsafe.filter(({ refusals = [] }) => refusals.length > 0).length));
  return found;
}

/** Figures of our own sentences. */
const OURS = ["999", "1,000", "95", "100"];

describe("the page of a rehearsal", () => {
  it("tells no figure that is not in the record", () => {
    const many = fc.integer({ min: 1_000_000, max: 99_000_000 });
    const byColour = fc.record({ blue: many, green: many, unknown: many });
    const share = fc.double({ min: 0.5, max: 99.5, noNaN: true });
    const measured = fc.record({
      requests: byColour,
      failed: byColour,
      assigned: byColour,
      observedShare: share,
    });
    fc.assert(
      fc.property(
        fc.array(measured, { minLength: 2, maxLength: 2 }),
        many,
        share,
        ([one, two], time, low) => {
          const steps = [
            { ...shift, ...one, seconds: time / 1e5, interval: [low / 2, low] as const },
            { ...refused, ...two, broken: ["17171 requests failed"] },
            { ...noticed, ...two, rescue: { moved: time / 1e8, held: true, converged: low } },
          ];
          const { observedShare: _, ...counted } = one!;
          const samples = [
            sample(31, 10, 0, counted),
            sample(32.5, 20, 3, { ...two, p95: { blue: time / 1e7, green: 0.5 } }),
          ];
          const events = recordOfFault(fault).events ?? [];
          const course = { began: CLOCK.began, seed: 8675309, memory: 2741, samples, events, failure };
          const record = recordOf("dev", "release", engine, steps, time / 1e5, course);
          const known = writable(record);
          const strange = figuresIn(told(reportPage(record))).filter(
            (one) => !known.has(one) && !OURS.includes(one),
          );
          assert.deepEqual(strange, []);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is another where another fault was measured: exposure, failures, marks and table", () => {
    const pages = [
      fault,
      { ...fault, failing: 23 },
      { ...fault, moved: 4 },
      { ...fault, seconds: 71.5 },
      { ...fault, text: "green hangs" },
    ].map((one) => told(reportPage(recordOfFault(one))));
    assert.equal(new Set(pages).size, pages.length);
    const exposure = (page: string) => / Exposure (.*?) Over time /.exec(page)?.[1]?.trim() ?? "";
    const shown = pages.map(exposure);
    assert.equal(new Set(shown).size, pages.length);
    assert.match(shown[0]!, /At 1:00 .* green answers 500 .* 8\.8 s .* 126$/);
    assert.match(shown[1]!, / 207$/);
  });

  it("says where a fault stayed: the colour got new users to the end", () => {
    const record = recordOfFault({ ...fault, moved: 1000 });
    assert.equal(record.exposure?.moved, undefined);
    assert.match(told(reportPage(record)), /green got new users to the end never moved/);
  });

  it("says nothing of exposure where nothing was broken", () => {
    const record = recordOf("dev", "release", engine, [shift], 30, {
      samples: [sample(21, 10)],
    });
    assert.doesNotMatch(reportPage(record), /[Ee]xposure/);
  });

  it("has every step with what it changed, each refusal with rule and message, and each promise not kept", () => {
    const record = recordOf(
      "dev",
      "release",
      engine,
      [{ ...shift, broken: ["9 requests failed"] }, refused],
      60,
    );
    const text = told(reportPage(record));
    for (const part of [
      "1 shift 10 % to 2.4.0",
      "actions[0].forward.targetGroups[1].weight 0 10",
      "+ kubernetes:apps/v1:Deployment storage-green",
      "2 updated",
      "Refused by T1 (program)",
      refused.message!,
      "Not every step kept",
      "9 requests failed",
    ]) {
      assert.ok(text.includes(part), `${part} is not in:\n${text}`);
    }
    assert.doesNotMatch(text, /it should be refused by/);
    const wrong = { ...refused, expected: ["T2"] };
    assert.match(
      told(reportPage(recordOf("dev", "x", record.engine, [wrong], 60))),
      /it should be refused by T2/,
    );
  });

  it("has what the command line was called with, what it decided and when, and who stood in", () => {
    const text = told(reportPage(recordOf("dev", "bad-at-25", engine, [noticed], 120)));
    for (const part of [
      "sluice run --interval 5 ended with 4",
      "retreat: 37 of 210 requests failed, limit 5 %",
      "sluice tick was killed",
      "After 25 % of its requests answer 500 , in green",
      "metrics of a whole minute were due, by the clock 3.3 s it was decided 5.5 s traffic had moved 6.4 s all had followed 31.1 s",
      "traffic had moved 0.8 s all had followed 12.5 s",
      "groq stood in for openrouter 1,207 times",
      "of 57 times 10 in a row 19 lacked the rarer colour",
    ])
      assert.ok(text.includes(part), `${part} is not in:\n${text}`);
    assert.match(text, /Engine: 2 updated/);
    const never = { ...noticed.reaction!, decided: undefined, moved: undefined };
    const page = told(reportPage(recordOf("dev", "x", engine, [{ ...noticed, reaction: never }], 120)));
    assert.match(page, /it was decided never traffic had moved never/);
  });

  it("says that a call did not end in time, and of a lock only where somebody looked at it", () => {
    const calls = [{ command: "sluice run", code: null, late: 900, wrong: [] }];
    const page = (rescue: StepRecord["rescue"]) =>
      told(reportPage(recordOf("dev", "x", engine, [{ ...noticed, calls, ...(rescue && { rescue }) }], 120)));
    assert.match(page({ moved: 0.5, held: true, converged: 9 }), /sluice run did not end within 900 s/);
    assert.match(
      page({ moved: 0.5, held: true, converged: 9 }),
      /the command, the engine’s lock held by another/,
    );
    assert.match(page({ moved: 0.5, held: false, converged: 9 }), /lock held by no other update/);
    assert.match(page({ converged: 9 }), /After the command traffic had moved never/);
  });

  it("counts as refused what was refused, and no preview that failed for another reason", () => {
    const failed = { ...refused, refusals: [], rule: undefined, message: "the engine was killed" };
    const text = told(reportPage(recordOf("dev", "x", engine, [refused, failed], 60)));
    assert.match(text, /unsafe edits refused 1 of 2/);
  });

  it("says how fast time passed, and what that makes of the exposure", () => {
    const page = (speed: number, step = noticed) =>
      told(reportPage(recordOf("dev", "x", engine, [step], 120, { speed })));
    const exposed = /A release’s time passes 20 times faster than users’/;
    assert.match(page(20), /time a release’s passes 20 times faster than users’/);
    assert.match(page(20), exposed);
    assert.match(page(20), /In an account metrics come 20 times later than here/);
    assert.doesNotMatch(page(1), /times later/);
    const atOnce = { ...noticed, reaction: { ...noticed.reaction!, signal: 0 } };
    assert.match(page(20, atOnce), exposed);
    assert.doesNotMatch(page(20, atOnce), /times later/);
  });

  it("has the step that it could not get past, and says so first", () => {
    const course = { began: CLOCK.began, seed: 4711, memory: 1312, failure };
    const text = told(reportPage(recordOf("dev", "release", engine, [shift, shift], 72, course)));
    assert.match(
      text,
      /Not every step kept .* Step 3, deploy 2\.4\.0 in green : the rehearsal could not go on/,
    );
    assert.match(
      text,
      /3 failed deploy 2\.4\.0 in green The rehearsal could not go on at 1:11 .* Job migrate/,
    );
    assert.match(text, /seed 4711 memory 1,312 MiB at the most/);
  });

  it("says of a value that the engine hides that it differs", () => {
    const hidden = {
      kind: "update",
      type: "aws:ssm/parameter:Parameter",
      name: "release",
      properties: [{ path: "value" }],
    } as const;
    const record = recordOf("dev", "release", engine, [{ ...shift, resources: [hidden] }], 60);
    assert.match(told(reportPage(record)), /value differs; the engine hides the values/);
  });

  it("is whole of a record that has nothing but what schema 1 always had", () => {
    const { began: _, resources: __, broken: ___, ...old } = shift;
    const page = reportPage(recordOf("dev", "release", engine, [old], 0));
    assert.match(page, /No samples were taken/);
    assert.doesNotMatch(page, /NaN|undefined|Infinity/);
  });

  it("is whole where a second had no request, and where no share is known", () => {
    const empty = { blue: 0, green: 0, unknown: 0 };
    const { configured: _, ...quiet } = sample(1, 0, 0, { requests: empty, assigned: empty, p95: {} });
    const page = reportPage(recordOf("dev", "release", engine, [shift], 30, { samples: [quiet] }));
    assert.doesNotMatch(page, /NaN|undefined|Infinity/);
  });
});

describe("a hostile record", () => {
  const evil = `</style></title><script>alert(1)</script><img src=https://example.com/x onerror="a()">'"&\u202e`;
  const poisoned = (value: unknown): unknown => {
    if (typeof value === "string") return `${value}${evil}`;
    if (Array.isArray(value)) return value.map(poisoned);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, KEPT.has(key) ? one : poisoned(one)]),
    );
  };
  /** Of these a program, and nobody else, chooses the words. */
  const KEPT = new Set(["kind", "live", "colour", "began", "at", "layer"]);
  const page = reportPage(poisoned(recordOfFault({ ...fault, text: "x" })) as Record1);

  it("brings no element and no attribute into the page", () => {
    const harmless = reportPage(recordOfFault({ ...fault, text: "x" }));
    const shapes = (text: string) => text.replace(/"[^"]*"/g, '""').match(/<[^>]*>/g);
    assert.ok(page.includes("&lt;script&gt;"));
    assert.deepEqual(shapes(page), shapes(harmless));
  });

  it("makes nothing in it load or run: no script, no handler, no address but its own anchors", () => {
    assert.doesNotMatch(page, /<(script|link|img|iframe|object|embed|base|form)\b/i);
    const tags = page
      .replace(/"[^"]*"/g, '""')
      .match(/<[^>]*>/g)!
      .join("");
    assert.doesNotMatch(tags, /\son\w+=|\ssrc=|@import|url\(/i);
    const addresses = [...page.matchAll(/href="([^"]*)"/g)].map(([, address]) => address);
    assert.deepEqual(
      addresses.filter((address) => !/^#step-\d+$/.test(address!)),
      [],
    );
    assert.doesNotMatch(/<style>([^]*)<\/style>/.exec(page)![1]!, /@import|url\(|[<>]/);
  });

  it("is in a page whose policy permits its own style and nothing else", () => {
    const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(page) ?? [];
    assert.equal(
      policy?.replaceAll("&#39;", "'"),
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    );
  });
});
