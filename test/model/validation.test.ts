import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultServices } from "../../model/services";
import {
  type Candidate,
  type Question,
  VALIDATION,
  allowedFailures,
  candidateOf,
  questionsOf,
} from "../../model/validation";
import { type Replies, type Reply, type Told, identify, sentOf } from "../../model/validationReply";
import { type Hearing, isSettled, judge } from "../../model/validationVerdict";
import { START, release } from "./fixtures";

const GREEN: Candidate = { colour: "green", version: "2.4.0", other: "2.3.1" };
const SETTINGS = { ...VALIDATION, requests: 4, successPercent: 70 };
const HEALTH: Question = { service: "api", path: "/health", isHealth: true };

const answer = (status = 200, told: Told = { version: "2.4.0" }, byEdge = false): Reply => ({
  kind: "answer",
  ...{ status, told, byEdge, milliseconds: 12.4 },
});
const CUT: Reply = { kind: "cut", why: "no whole answer within 3 s", milliseconds: 3_000 };
const LOST: Reply = { kind: "unreached", why: "connect ECONNREFUSED" };
const GOOD = [answer(), answer(), answer(), answer()];

const judged = (heard: readonly Replies[], changes: Partial<Hearing> = {}): string => {
  const seen = judge({ candidate: GREEN, settings: SETTINGS, heard, at: START, ...changes });
  return "unseen" in seen ? `unseen: ${seen.unseen}` : `${seen.value.outcome}: ${seen.value.evidence}`;
};
const of = (replies: readonly Reply[], question = HEALTH): Replies => ({ question, replies });

describe("validation asks", () => {
  const services = defaultServices("app", "dev");
  const asked = (changes = {}, colour: "blue" | "green" = "green", of = release(0)) =>
    questionsOf({ services, validation: { ...VALIDATION, ...changes } }, of, colour);

  it("every public service that the colour runs for its health, each path once", () => {
    assert.deepEqual(
      asked().filter(({ service }) => service === "api-gateway"),
      ["/health", "/health/detailed", "/health/db", "/health/redis"].map((path) => ({
        ...{ service: "api-gateway", path, isHealth: true },
      })),
    );
    assert.deepEqual(
      [...new Set(asked().map(({ service }) => service))],
      ["api-gateway", "voice-service", "admin-panel"],
    );
    const lean = release(0, { green: { version: "2.4.0", services: ["api-gateway", "storage"] } });
    assert.deepEqual([...new Set(asked({}, "green", lean).map(({ service }) => service))], ["api-gateway"]);
  });

  it("smoke paths beside, and nothing at all where configuration asks for no request", () => {
    const paths = { "admin-panel": [{ path: "/me", status: 401 }] };
    const found = asked({ paths }).filter(({ isHealth }) => !isHealth);
    assert.deepEqual(found, [{ service: "admin-panel", path: "/me", status: 401, isHealth: false }]);
    assert.deepEqual(asked({ paths, requests: 0 }), []);
  });

  it("no worker of a colour that is not live", () => {
    const api = { ...services["api-gateway"]!, kind: "singleton" as const };
    const only = { services: { api }, validation: VALIDATION };
    assert.deepEqual(questionsOf(only, release(0), "green"), []);
    assert.equal(questionsOf(only, release(0), "blue").length, 4);
  });

  it("nobody where the colour has no version", () => {
    assert.equal(candidateOf(release(0, { green: {} }), "green"), undefined);
    assert.deepEqual(candidateOf(release(0), "green"), GREEN);
  });
});

describe("validation", () => {
  it("passes where all requests succeeded, and says how many and how slow", () => {
    assert.equal(
      judged([of(GOOD)]),
      "passed: 4 of 4 requests to api of green 2.4.0 succeeded, the slowest took 12 ms",
    );
  });

  it("judges each path by itself: one that fails does not hide behind those that do not", () => {
    const db = { ...HEALTH, path: "/health/db" };
    const found = judged([of(GOOD), of([answer(503), answer(503)], db)]);
    assert.match(
      found,
      /^failed: api \/health\/db of green 2\.4\.0: 2 of 2 requests failed \(503\); 1 of 4 may/,
    );
    assert.match(judged([of(GOOD), of([answer(503), ...GOOD.slice(1)], db)]), /^passed: 7 of 8/);
  });

  it("takes redirects, errors and no answer in time for failures, and the status that is expected for none", () => {
    for (const bad of [answer(301), answer(404), answer(500), CUT]) {
      assert.match(judged([of([answer(), bad, bad])]), /^failed/);
    }
    const smoke = { service: "api", path: "/me", status: 401, isHealth: false };
    const refused = answer(401, {});
    assert.match(judged([of(GOOD), of([refused, refused, refused, refused], smoke)]), /^passed/);
    assert.match(judged([of(GOOD), of([answer(), answer()], smoke)]), /^failed/);
  });

  it("fails where the load balancer has no target to send to", () => {
    const found = judged([of([answer(503, {}, true), answer(503, {}, true)])]);
    assert.match(found, /^failed: .*503 by the edge itself/);
  });

  it("has seen nothing where the header was not followed, however well the live colour answers", () => {
    const blue = answer(200, { colour: "blue", version: "2.3.1" });
    const found = judged([of([blue])]);
    assert.match(found, /^unseen: blue 2\.3\.1 answered for api, not green 2\.4\.0: .*sluice:previewSources/);
    assert.match(judged([of([...GOOD.slice(1), answer(200, { version: "2.3.1" })])]), /^unseen/);
  });

  it("has seen nothing where no answer tells who it is, and says what must", () => {
    const silent = answer(200, {});
    assert.match(
      judged([of([silent, silent, silent, silent])]),
      /^unseen: .*tells its version, by the header/,
    );
    const same = { ...GREEN, other: "2.4.0" };
    assert.match(judged([of(GOOD)], { candidate: same }), /^unseen: .*its version and colour/);
    const told = answer(200, { colour: "green", version: "2.4.0" });
    assert.match(judged([of([told, told, told, told])], { candidate: same }), /^passed/);
  });

  it("has seen nothing where nobody was reached, or the load balancer knows no way", () => {
    assert.match(judged([of([LOST, LOST])]), /^unseen: api could not be reached: connect ECONNREFUSED/);
    assert.match(
      judged([of([answer(404, {}, true)])]),
      /^unseen: the edge itself answered 404 to api \/health/,
    );
  });

  it("fails where the colour itself says that it is another version", () => {
    const wrong = answer(200, { colour: "green", version: "2.3.9" });
    assert.match(judged([of([wrong])]), /^failed: api of green 2\.4\.0 says that it is green 2\.3\.9/);
  });

  it("says of nothing that was asked that nothing was", () => {
    const none = { ...SETTINGS, requests: 0 };
    assert.match(judged([], { settings: none }), /^passed: nothing is asked .*requests is 0/);
    assert.match(judged([]), /^passed: nothing is asked .*no public service/);
  });

  const status = fc.constantFrom(200, 204, 302, 404, 500, 503);
  const told = fc.record(
    { colour: fc.constantFrom("blue", "green", "red"), version: fc.constantFrom("2.3.1", "2.4.0", "9") },
    { requiredKeys: [] },
  );
  const reply: fc.Arbitrary<Reply> = fc.oneof(
    fc.record({
      ...{ kind: fc.constant("answer" as const), status, told },
      ...{ milliseconds: fc.nat(9_000), byEdge: fc.boolean() },
    }),
    fc.constantFrom(CUT, LOST, answer(), answer(), answer()),
  );
  const path = fc.record({
    question: fc.record({
      service: fc.constantFrom("api", "voice"),
      path: fc.constantFrom("/health", "/a"),
      isHealth: fc.boolean(),
    }),
    replies: fc.array(reply, { maxLength: 6 }),
  });
  const other = fc.constantFrom("2.3.1", "2.4.0");

  it("passes nothing but enough successes of each path, from the candidate and nobody else", () => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 4 }), other, (heard, runs) => {
        const candidate = { ...GREEN, other: runs };
        const seen = judge({ candidate, settings: SETTINGS, heard, at: START });
        if ("unseen" in seen || seen.value.outcome === "failed") return;
        for (const { question, replies } of heard) {
          const good = replies.filter(
            (one) => one.kind === "answer" && one.status >= 200 && one.status < 300,
          );
          assert.ok(replies.length >= SETTINGS.requests && replies.length - good.length <= 1);
          const own = heard.filter((one) => one.question.service === question.service);
          const whos = own
            .flatMap((one) => one.replies)
            .flatMap((one) => (one.kind === "answer" ? identify(one.told, candidate) : []));
          assert.ok(whos.includes("itself") && !whos.includes("other") && !whos.includes("another version"));
        }
      }),
    );
  });

  it("says no better of a candidate that has answered once less", () => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(), (heard, i, j) => {
        const worse = heard.map(({ question, replies }, index) => ({
          question,
          replies: replies.map((one, place) => {
            const isChosen = index === i % heard.length && place === j % replies.length;
            // What another colour answered is no answer of the candidate's.
            const isIts =
              one.kind === "answer" && !one.byEdge && /self|nobody/.test(identify(one.told, GREEN));
            return isChosen && isIts && one.status < 300 ? CUT : one;
          }),
        }));
        if (judged(worse).startsWith("passed")) {
          assert.match(judged(heard), /^passed/);
        }
      }),
    );
  });

  it("needs nothing more than what has settled it", () => {
    fc.assert(
      fc.property(path, fc.array(reply, { maxLength: 4 }), (one, more) => {
        if (!isSettled(one, { candidate: GREEN, settings: SETTINGS })) return;
        const longer = { ...one, replies: [...one.replies, ...more] };
        assert.doesNotMatch(judged([longer]), /^passed/);
      }),
    );
  });

  it("lets more than so many percent succeed, and no fewer fail than that leaves", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 99 }),
        (requests, successPercent) => {
          const allowed = allowedFailures({ requests, successPercent });
          assert.ok(100 * (requests - allowed) > successPercent * requests);
          assert.ok(100 * (requests - allowed - 1) <= successPercent * requests);
        },
      ),
    );
    assert.equal(allowedFailures(VALIDATION), 1);
  });

  it("counts what was sent by whom it reached, and no error that a target may not have counted", () => {
    const blue = answer(500, { colour: "blue" });
    const heard = [of([answer(), answer(500), answer(503, {}, true), CUT, LOST, blue])];
    assert.deepEqual(sentOf(GREEN, heard), {
      green: { api: { requests: 4, errors: 1, slow: 0 } },
      blue: { api: { requests: 1, errors: 1, slow: 0 } },
    });
  });
});
