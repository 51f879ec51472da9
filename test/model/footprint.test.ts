import assert from "node:assert/strict";
import fc from "fast-check";
import { fingerprints, footprintsFrom } from "../../model/footprint";

const footprint = fc.record(
  {
    public: fc.boolean(),
    replicas: fc.nat(100),
    cpu: fc.constantFrom("500m", "2"),
    memory: fc.constantFrom("512Mi", "2Gi"),
    port: fc.integer({ min: 1, max: 65_535 }),
    image: fc.constantFrom("registry.example.com/app-api", "registry.example.com:5000/team/app"),
  },
  { noNullPrototype: true },
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
