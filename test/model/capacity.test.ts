import assert from "node:assert/strict";
import fc from "fast-check";
import {
  capacityFor,
  capacityOf,
  floorOf,
  mostCapacity,
  nodesNeeded,
  partOf,
  processorsNeeded,
} from "../../model/capacity";
import { quantity } from "../../model/quantity";
import { type Colour, otherColour } from "../../model/release";
import { defaultServices } from "../../model/services";

const replicas = fc.integer({ min: 1, max: 1_000 });
const capacity = fc.integer({ min: 1, max: 1_000 });

describe("the processors of the nodes", () => {
  it("are from one colour at full size to both with all the pods they may have, each replacing one", () => {
    // Six services: one pod of half a processor each; at most three and one that surges, in two colours.
    assert.deepEqual(processorsNeeded(defaultServices("voiceassist", "dev")), { least: 3, most: 24 });
    assert.deepEqual(processorsNeeded(defaultServices("voiceassist", "staging")), { least: 12, most: 84 });
    // In prod the admin panel has two pods, at most six, of two processors each.
    assert.deepEqual(processorsNeeded(defaultServices("voiceassist", "prod")), { least: 34, most: 228 });
  });

  it("count what runs beside the services once, whatever their load and colours", () => {
    const services = defaultServices("voiceassist", "dev");
    assert.deepEqual(processorsNeeded(services, 0.5), { least: 3.5, most: 24.5 });
  });

  it("count a singleton once in each colour, whatever its size: it is recreated and does not surge", () => {
    const { storage } = defaultServices("voiceassist", "prod");
    const singleton = { ...storage!, kind: "singleton" as const };
    const each = quantity(singleton.cpu);
    assert.deepEqual(processorsNeeded({ singleton }), { least: each, most: 2 * each });
  });

  it("leave room on each node for what runs on every node", () => {
    assert.equal(nodesNeeded(6.8, 4), 2);
    assert.equal(nodesNeeded(6.9, 4), 3);
    assert.equal(nodesNeeded(0, 4), 0);
  });
});

describe("a colour's floor", () => {
  it("is full size where the release says nothing", () => {
    assert.equal(capacityOf({}, "blue"), 100);
    assert.equal(floorOf({ replicas: 3 }, capacityOf({ capacity: { green: 10 } }, "blue")), 3);
  });

  it("is the capacity's part of full size, rounded up, and a pod at least", () => {
    assert.deepEqual(
      [1, 33, 34, 67, 100, 101, 200, 1_000].map((percent) => floorOf({ replicas: 3 }, percent)),
      [1, 1, 2, 3, 3, 4, 6, 30],
    );
  });

  it("is one for a singleton, whatever the capacity", () => {
    fc.assert(
      fc.property(replicas, capacity, (pods, percent) => {
        assert.equal(floorOf({ kind: "singleton", replicas: pods }, percent), 1);
      }),
    );
  });

  it("rises with the capacity and never falls with it", () => {
    fc.assert(
      fc.property(replicas, capacity, fc.nat(1_000), (pods, percent, more) => {
        assert.ok(floorOf({ replicas: pods }, percent + more) >= floorOf({ replicas: pods }, percent));
      }),
    );
  });

  it("is not moved by the other colour's capacity", () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Colour>("blue", "green"),
        capacity,
        capacity,
        replicas,
        (colour, before, after, pods) => {
          const other = otherColour(colour);
          const floor = (percent: number) =>
            floorOf({ replicas: pods }, capacityOf({ capacity: { [colour]: percent } }, other));
          assert.equal(floor(after), floor(before));
        },
      ),
    );
  });

  it("carries every share that is not above the capacity, and its pods are too few for none of it", () => {
    fc.assert(
      fc.property(replicas, fc.integer({ min: 1, max: 100 }), (pods, percent) => {
        const floor = floorOf({ replicas: pods }, percent);
        assert.ok(floor >= partOf(pods, percent) && floor * 100 >= pods * percent);
      }),
    );
  });
});

describe("the capacity for some pods", () => {
  it("is the least that has so many", () => {
    fc.assert(
      fc.property(replicas, fc.integer({ min: 1, max: 5_000 }), (full, pods) => {
        const percent = capacityFor(pods, { replicas: full });
        assert.ok(floorOf({ replicas: full }, percent) >= pods);
        assert.ok(percent === 1 || floorOf({ replicas: full }, percent - 1) < pods);
      }),
    );
  });
});

describe("the greatest capacity of a service", () => {
  it("is the last whose floor its autoscaler can keep, and none where it has no limit or one pod", () => {
    fc.assert(
      fc.property(replicas, replicas, capacity, (size, more, asked) => {
        const service = { replicas: size, maxReplicas: size + more };
        const fits = floorOf(service, asked) <= service.maxReplicas;
        assert.equal(asked <= mostCapacity(service), fits);
      }),
    );
    assert.equal(mostCapacity({ replicas: 2 }), Infinity);
    assert.equal(mostCapacity({ kind: "singleton", replicas: 2, maxReplicas: 2 }), Infinity);
  });
});
