import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type TransitionInputs,
  changesOf,
  fingerprints,
  footprintsFrom,
  transitionFrom,
  transitionInputs,
} from "../../model/footprint";
import { KINDS } from "../../model/services";
import { judge } from "../../model/transition";
import { LIMITS, at, recorded, release, transition } from "./fixtures";

const path = fc.constantFrom("/health", "/at?port=8080", "/");

const footprint = fc.record(
  {
    public: fc.boolean(),
    replicas: fc.nat(100),
    cpu: fc.constantFrom("500m", "2"),
    memory: fc.constantFrom("512Mi", "2Gi"),
    port: fc.integer({ min: 1, max: 65_535 }),
    image: fc.constantFrom("registry.example.com/app-api", "registry.example.com:5000/team/app"),
    kind: fc.constantFrom(...KINDS),
    health: fc.record(
      { liveness: path, readiness: path, startup: path },
      { noNullPrototype: true, requiredKeys: ["liveness", "readiness"] },
    ),
    maxReplicas: fc.integer({ min: 1, max: 300 }),
    address: fc.constantFrom("api.example.com", "/api", "/at"),
  },
  {
    noNullPrototype: true,
    // What older states lack.
    requiredKeys: ["public", "replicas", "cpu", "memory", "port", "image"],
  },
);

describe("fingerprints", () => {
  it("lose nothing: a policy judges what the program judged", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), footprint, { noNullPrototype: true }),
        (services) => {
          assert.deepEqual(footprintsFrom(fingerprints(services)), services);
        },
      ),
    );
  });

  it("that nobody wrote are an error, not a guess", () => {
    assert.throws(
      () => footprintsFrom({ api: "3 replicas" }),
      /footprint of api cannot be read: "3 replicas"/,
    );
  });
});

describe("a transition of an older program, which knew no freezes", () => {
  it("is judged as one without any, so that a newer pack refuses no way back", () => {
    const told = (to: number): TransitionInputs => {
      const from = recorded(release(10), { limits: LIMITS });
      const { limits, ...inputs } = transitionInputs(transition(from, release(to)));
      const { freezes: _, ...older } = limits;
      return { ...inputs, limits: older };
    };
    const refused = (to: number) => judge(transitionFrom(told(to), at(0))).map(({ id }) => id);
    assert.deepEqual([refused(0), refused(35), refused(36)], [[], [], ["T1"]]);
  });
});

describe("a footprint of an older state", () => {
  it("is read, with its later parts absent", () => {
    const line = "public 3 × 2 2Gi port 8080 r.example/app-api http health /health /ready at api.example.com";
    const { api } = footprintsFrom({ api: line });
    assert.deepEqual(api?.health, { liveness: "/health", readiness: "/ready" });
    assert.equal(api.address, "api.example.com");
    assert.equal(api.maxReplicas, undefined);
  });
});

describe("changes of a service", () => {
  const whole = {
    public: true,
    address: "/api",
    image: "registry.example.com/app-api",
    port: 8080,
    replicas: 3,
    cpu: "2",
    memory: "2Gi",
    kind: "http",
    maxReplicas: 9,
    health: { liveness: "/health", readiness: "/ready", startup: "/health/detailed" },
  } as const;

  it("are every part that differs, probes each by itself, and none between equals", () => {
    assert.deepEqual(changesOf(whole, { ...whole, health: { ...whole.health } }), []);
    const other = { ...whole, health: { ...whole.health, readiness: "/up" }, kind: "worker" } as const;
    assert.deepEqual(changesOf(whole, other), ["kind", "readiness"]);
    const larger = { ...whole, maxReplicas: 10, health: { ...whole.health, startup: "/up" } };
    assert.deepEqual(changesOf(whole, larger), ["maxReplicas", "startup"]);
    const { address: _, ...rest } = whole;
    assert.deepEqual(changesOf(whole, { ...rest, public: false }), ["public", "address"]);
    assert.deepEqual(changesOf({ ...rest, public: false }, whole), ["public", "address"]);
  });

  it("are none in what an older state lacks", () => {
    const { kind: _, health: __, address: ___, maxReplicas: ____, ...older } = whole;
    assert.deepEqual(changesOf(older, whole), []);
    const { startup: _____, ...probes } = whole.health;
    assert.deepEqual(changesOf({ ...whole, health: probes }, whole), []);
  });
});
