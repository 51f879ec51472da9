import assert from "node:assert/strict";
import type { Shares } from "../../../model/release";
import { s6 } from "../../../model/rules/s6-weights";
import { recorded, release, transition } from "../fixtures";

const judged = (traffic: object) =>
  s6.judge(transition(recorded(release(0)), release(0, { traffic: traffic as Shares })));

describe("S6, weights that are none", () => {
  it("permits shares that sum to 100 and refuses one point more or less", () => {
    assert.deepEqual(judged({ blue: 90, green: 10 }), []);
    assert.equal(judged({ blue: 90, green: 11 }).length, 1);
    assert.equal(judged({ blue: 90, green: 9 }).length, 1);
  });

  it("refuses shares out of range, broken, missing, of a third colour or that are no numbers", () => {
    const wrong = [
      { blue: 101, green: -1 },
      { blue: 50.5, green: 49.5 },
      { blue: 100 },
      { blue: 100, green: 0, red: 0 },
      { blue: "100", green: 0 },
      { blue: NaN, green: 100 },
    ];
    for (const traffic of wrong) assert.equal(judged(traffic).length, 1, JSON.stringify(traffic));
  });

  it("names what was found and a command that mends it", () => {
    const [violation] = judged({ blue: 90, green: 11 });
    assert.match(violation!.message, /"blue":90,"green":11/);
    assert.match(violation!.remedy, /^pulumi config set --path 'sluice:release.traffic.blue' 100 &&/);
  });
});
