import assert from "node:assert/strict";
import fc from "fast-check";
import type { Status } from "../../model/status";
import { statusText } from "../../rollout/statusText";
import { duration } from "../../rollout/times";

const PLACE = { stack: "prod", app: "voiceassist", environment: "prod", region: "us-east-1" };
const NOW = "2026-03-01T12:00:00.000Z";

const status = (changes: Partial<Status> = {}): Status => ({
  strategy: "canary",
  colours: {
    blue: { role: "live", version: "2.3.1", configured: 75, recorded: 90, fenced: false, services: {} },
    green: { role: "candidate", version: "2.4.0", configured: 25, recorded: 10, fenced: true, services: {} },
  },
  fence: null,
  since: "2026-03-01T10:00:00.000Z",
  baked: { seconds: 7_200, needed: 86_400 },
  ...changes,
});

describe("statusText", () => {
  it("fits 80 columns whatever there is to be told, but for words that are longer", () => {
    const text = fc.string({ maxLength: 60 });
    const name = fc.stringMatching(/^[a-z-]{1,63}$/);
    fc.assert(
      fc.property(text, text, name, (reason, by, service) => {
        const services = { [service]: { share: 100, targets: { healthy: 1000, registered: 1000 } } };
        const { colours } = status();
        const seen = status({
          fence: { version: "2.4.0", reason, by, at: NOW },
          colours: { ...colours, blue: { ...colours.blue, services } },
        });
        for (const line of statusText(PLACE, seen, { unseen: [reason], remarks: [reason], now: NOW }).split(
          "\n",
        )) {
          assert.ok(line.length <= 80, line);
        }
      }),
    );
  });

  it("marks in colour what is not as asked for, where the reader sees colours, and nowhere else", () => {
    const red = "\u001b[31m";
    const coloured = statusText(PLACE, status(), { unseen: [], now: NOW, coloured: true });
    assert.ok(coloured.includes(`${red}2.4.0 (fenced)`));
    assert.ok(coloured.includes(`${red}10 %`));
    assert.equal(
      coloured.replaceAll(/\u001b\[\d+m/g, "").replaceAll(/ +$/gm, ""),
      statusText(PLACE, status(), { unseen: [], now: NOW }),
    );
  });
});

describe("the figures in a status", () => {
  const seen = (changes: Partial<Status>) => statusText(PLACE, status(changes), { unseen: [], now: NOW });

  it("stand below each service, and say what is not known rather than 0", () => {
    const { colours } = status();
    const targets = { healthy: 3, registered: 3 };
    const p95 = { seconds: 0.2434, source: "CloudWatch" } as const;
    const blue = { share: 75, targets, figures: { requests: 12_345, errorPercent: 0.3149, p95, ready: 3 } };
    const green = { share: 25, targets, figures: { requests: 0 } };
    const services = { api: blue, web: { share: 75, figures: {} }, old: { share: 75 } };
    const text = seen({
      windowSeconds: 900,
      colours: {
        blue: { ...colours.blue, services },
        green: { ...colours.green, services: { api: green } },
      },
    });
    assert.match(text, /^api +75 %, 3\/3 healthy, 3 ready +25 %, 3\/3 healthy$/m);
    assert.match(text, /^ {2}errors, p95 +0\.31 % of 12\.3k, 0\.24 s +no requests$/m);
    assert.match(text, /^web .*\n {2}errors, p95 +unknown +unknown$/m);
    assert.match(text, /^old +75 %, targets unknown\n\n/m);
    assert.match(text, /^figures {3}of the last 15 min$/m);
  });

  it("are followed by the step, and everything that the next one waits for", () => {
    const text = seen({
      step: { plan: "own", shares: [10, 50, 100], share: 10, seconds: 7_200, needed: 86_400 },
      next: { what: "shift green to 50 %", inSeconds: 79_200 },
      decision: {
        kind: "hold",
        reasons: [
          { code: "lock", text: "an update" },
          { code: "bake", text: "it bakes" },
        ],
      },
      judged: { verdict: "inconclusive", evidence: "too few" },
      lock: { by: "ana" },
    });
    assert.match(text, /^plan {6}own: \[10\] → 50 → 100 %\nstep {6}10 %, for 2 h of 1 d$/m);
    assert.match(
      text,
      /^next {6}shift green to 50 %; it may be in 22 h\nwaits for an update\n {10}it bakes$/m,
    );
    assert.match(text, /^metrics {3}inconclusive: too few$/m);
    assert.match(text, /^lock {6}an update by ana holds the stack$/m);
    const due = seen({ decision: { kind: "shift", reasons: [{ code: "passed", text: "all is well" }] } });
    assert.match(due, /^due {7}shift: all is well$/m);
  });
});

describe("duration", () => {
  it("has the two largest units, without those that are 0", () => {
    const shown = [0, 59, 60, 200, 3_600, 86_400, 93_600, 90_000 - 1].map(duration);
    assert.deepEqual(shown, ["0 s", "59 s", "1 min", "3 min 20 s", "1 h", "1 d", "1 d 2 h", "1 d"]);
  });
});
