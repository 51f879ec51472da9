import assert from "node:assert/strict";
import fc from "fast-check";
import type { Status } from "../../model/status";
import { duration, statusText } from "../../rollout/statusText";

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
        for (const line of statusText(PLACE, seen, [reason], NOW, false).split("\n")) {
          assert.ok(line.length <= 80, line);
        }
      }),
    );
  });

  it("marks in colour what is not as asked for, where the reader sees colours, and nowhere else", () => {
    const red = "\u001b[31m";
    const coloured = statusText(PLACE, status(), [], NOW, true);
    assert.ok(coloured.includes(`${red}2.4.0 (fenced)`));
    assert.ok(coloured.includes(`${red}10 %`));
    assert.equal(
      coloured.replaceAll(/\u001b\[\d+m/g, "").replaceAll(/ +$/gm, ""),
      statusText(PLACE, status(), [], NOW, false),
    );
  });
});

describe("duration", () => {
  it("has the two largest units, without those that are 0", () => {
    const shown = [0, 59, 60, 200, 3_600, 86_400, 93_600, 90_000 - 1].map(duration);
    assert.deepEqual(shown, ["0 s", "59 s", "1 min", "3 min 20 s", "1 h", "1 d", "1 d 2 h", "1 d"]);
  });
});
