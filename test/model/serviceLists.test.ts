import assert from "node:assert/strict";
import fc from "fast-check";
import { sameManifest } from "../../model/manifest";
import { type Shares, greenAt } from "../../model/release";
import { named, serviceChange, sharesOf, withServices } from "../../model/serviceLists";
import { NEW, OLD, SERVICES, release } from "./fixtures";

const NAMES = Object.keys(SERVICES);

describe("a colour's services", () => {
  it("are named where it has a version and names none, and kept where it names some", () => {
    assert.deepEqual(named(OLD, SERVICES).services, NAMES);
    assert.deepEqual(named({ ...OLD, services: ["storage"] }, SERVICES).services, ["storage"]);
    assert.deepEqual(named({}, SERVICES), {});
  });

  it("are the same whether they are spelt out or the stack's by default, in any order", () => {
    const spelt = release(0, { blue: { ...OLD, services: [...NAMES].reverse() } });
    assert.ok(sameManifest(withServices(release(0), SERVICES).blue, withServices(spelt, SERVICES).blue));
  });

  it("change with the stack's list, unless they are spelt out", () => {
    const more = { ...SERVICES, billing: SERVICES["storage"]! };
    const before = { manifest: OLD, services: SERVICES };
    assert.deepEqual(serviceChange(before, { manifest: OLD, services: more }), {
      gained: ["billing"],
      lost: [],
    });
    const spelt = { manifest: named(OLD, SERVICES), services: more };
    assert.deepEqual(serviceChange(before, spelt), { gained: [], lost: [] });
    const { storage: _, ...less } = SERVICES;
    assert.deepEqual(serviceChange(before, { manifest: OLD, services: less }), {
      gained: [],
      lost: ["storage"],
    });
  });
});

describe("the shares of a service", () => {
  const of = (green: number, services: { blue?: string[]; green?: string[] }) =>
    sharesOf(
      release(green, {
        blue: { ...OLD, ...(services.blue && { services: services.blue }) },
        green: { ...NEW, ...(services.green && { services: services.green }) },
      }),
      "billing",
    );

  it("are the release's where both colours have it", () => {
    fc.assert(
      fc.property(fc.nat(100), (green) => assert.deepEqual(of(green, {}), { shares: greenAt(green) })),
    );
  });

  it("are all the one colour's that has it, while that has a share of the release", () => {
    for (const green of [1, 50, 99]) {
      assert.deepEqual(of(green, { blue: ["storage"] }), { shares: greenAt(100), sole: "green" });
      assert.deepEqual(of(green, { green: ["storage"] }), { shares: greenAt(0), sole: "blue" });
    }
    assert.deepEqual(of(100, { blue: ["storage"] }), { shares: greenAt(100) });
    assert.deepEqual(of(0, { green: ["storage"] }), { shares: greenAt(0) });
  });

  it("stay the live colour's that alone has it, until that is live no more", () => {
    assert.deepEqual(of(100, { green: ["storage"] }), { shares: greenAt(0), sole: "blue" });
    const promoted = { live: "green", green: { ...NEW, services: ["storage"] } } as const;
    assert.equal(sharesOf(release(100, promoted), "billing"), undefined);
  });

  it("are none while only a candidate without a share has it: unreleased code is not the world's", () => {
    assert.equal(of(0, { blue: ["storage"] }), undefined);
  });

  it("give nothing to a candidate without a share or to a colour without the service, whatever the rest is", () => {
    const has = fc.boolean();
    fc.assert(
      fc.property(fc.nat(100), has, has, (green, blueHas, greenHas) => {
        const traffic: Shares = greenAt(green);
        const lists = { blue: blueHas, green: greenHas };
        const shared = of(green, {
          blue: blueHas ? ["billing"] : ["storage"],
          green: greenHas ? ["billing"] : ["storage"],
        });
        for (const colour of ["blue", "green"] as const) {
          const share = shared?.shares[colour] ?? 0;
          const keeps = colour === "blue" && !greenHas;
          assert.equal(share > 0, lists[colour] && (traffic[colour] > 0 || keeps));
        }
      }),
    );
  });
});
