import assert from "node:assert/strict";
import fc from "fast-check";
import {
  after as behind,
  contains,
  format,
  overlap,
  parseBlock,
  sizeOf,
} from "../../rehearsal/cloud/constructs/cidr";
import { layout, type LayoutRequest } from "../../rehearsal/cloud/constructs/vpc-layout";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const lay = (request: Partial<LayoutRequest> = {}) =>
  layout({ name: "net", cidrBlock: "10.0.0.0/16", zones: ZONES, strategy: "Auto", ...request });
const ranges = (request?: Partial<LayoutRequest>) =>
  lay(request).map(({ name, cidrBlock }) => `${name} ${cidrBlock}`);

describe("blocks of addresses", () => {
  it("are read and written", () => {
    assert.equal(format(parseBlock("10.1.2.3/16")), "10.1.0.0/16");
    assert.equal(sizeOf(24), 256);
    for (const bad of ["10.0.0.0", "10.0.0.256/16", "10.0.0.0/33", "ten"]) {
      assert.throws(() => parseBlock(bad), /not an IPv4 CIDR block/);
    }
  });

  it("follow one another without overlap, whatever their sizes", () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31),
        fc.integer({ min: 8, max: 28 }),
        fc.integer({ min: 8, max: 28 }),
        (at, mask, next) => {
          const first = parseBlock(format({ first: Math.floor(at / sizeOf(mask)) * sizeOf(mask), mask }));
          const second = behind(first, next);
          assert.ok(!overlap(first, second));
          assert.equal(second.first % sizeOf(next), 0);
          assert.ok(second.first - (first.first + sizeOf(mask)) < sizeOf(next));
        },
      ),
    );
  });
});

describe("the VPC's layout", () => {
  it("gives each zone a private half and a public quarter by default", () => {
    const expected = [
      "net-private-1 10.0.0.0/19",
      "net-public-1 10.0.32.0/20",
      "net-private-2 10.0.64.0/19",
      "net-public-2 10.0.96.0/20",
      "net-private-3 10.0.128.0/19",
      "net-public-3 10.0.160.0/20",
    ];
    assert.deepEqual(ranges(), expected);
    assert.deepEqual(ranges({ strategy: "Legacy" }), expected);
  });

  it("keeps the ranges of the zones that exist when a zone is added under a fixed zone mask", () => {
    const specs = [
      { type: "Private", cidrMask: 19 },
      { type: "Public", cidrMask: 22 },
    ] as const;
    const two = ranges({ specs, zoneMask: 18, zones: ZONES.slice(0, 2) });
    assert.deepEqual(two, [
      "net-private-1 10.0.0.0/19",
      "net-public-1 10.0.32.0/22",
      "net-private-2 10.0.64.0/19",
      "net-public-2 10.0.96.0/22",
    ]);
    assert.deepEqual(ranges({ specs, zoneMask: 18 }).slice(0, 4), two);
  });

  it("keeps the order of the specs under Auto, and sorts by type under Legacy", () => {
    const specs = [
      { type: "Public", cidrMask: 20 },
      { type: "Private", cidrMask: 20 },
    ] as const;
    const names = (strategy: "Auto" | "Legacy") =>
      lay({ specs, strategy, zones: ["us-east-1a"] }).map(({ name }) => name);
    assert.deepEqual(names("Auto"), ["net-public-1", "net-private-1"]);
    assert.deepEqual(names("Legacy"), ["net-private-1", "net-public-1"]);
  });

  it("leaves room for unused specs and creates no subnet for them", () => {
    const specs = [
      { type: "Unused", cidrMask: 20 },
      { type: "Public", cidrMask: 20 },
    ] as const;
    assert.deepEqual(ranges({ specs, zones: ["us-east-1a"] }), ["net-public-1 10.0.16.0/20"]);
  });

  it("merges specs with the default ones under AutoMerge", () => {
    const specs = [
      { type: "Public", tags: { a: "b" } },
      { type: "Isolated", cidrMask: 24 },
    ] as const;
    const merged = lay({ specs, strategy: "AutoMerge", zones: ["us-east-1a"] });
    assert.deepEqual(
      merged.map(({ type }) => type),
      ["Private", "Public", "Isolated"],
    );
    assert.deepEqual(merged[1]!.tags, { a: "b" });
  });

  it("tags subnets with their zone where that is asked for, and names them as before", () => {
    const [first] = lay({ nameTags: "AvailabilityZone" });
    assert.deepEqual([first!.name, first!.nameTag], ["net-private-1", "net-private-1a"]);
  });

  it("takes explicit ranges, one for each zone", () => {
    const specs = [{ type: "Private", cidrBlocks: ["10.0.0.0/20", "10.0.16.0/20"] }] as const;
    const explicit = specs.map((spec) => ({ ...spec, cidrBlocks: [...spec.cidrBlocks] }));
    assert.deepEqual(ranges({ specs: explicit, zones: ZONES.slice(0, 2) }), [
      "net-private-1 10.0.0.0/20",
      "net-private-2 10.0.16.0/20",
    ]);
    assert.throws(() => lay({ specs: explicit }), /must match the number of availability zones \(3\)/);
  });

  it("refuses what does not fit, overlaps, leaves gaps or shares a name", () => {
    assert.throws(() => lay({ specs: [{ type: "Private", cidrMask: 17 }], zoneMask: 18 }), /too large/);
    assert.throws(() => lay({ specs: [{ type: "Private" }, { type: "Private" }] }), /require unique names/);
    assert.throws(
      () => lay({ specs: [{ type: "Private", cidrMask: 18 }], zoneMask: 18, strategy: "Exact" }),
      /gaps/,
    );
    assert.throws(() => lay({ specs: [], zones: ZONES }), /No subnets/);
    const same = [
      { type: "Private" as const, cidrBlocks: ["10.0.0.0/20"] },
      { type: "Public" as const, cidrBlocks: ["10.0.8.0/21"] },
    ];
    assert.throws(() => lay({ specs: same, zones: ["us-east-1a"] }), /overlap/);
    const outside = [{ type: "Private" as const, cidrBlocks: ["10.1.0.0/20"] }];
    assert.throws(() => lay({ specs: outside, zones: ["us-east-1a"] }), /outside the VPC's range/);
  });

  it("never overlaps and never leaves the VPC, or it says why it can't be", () => {
    const spec = fc.record({
      type: fc.constantFrom("Private" as const, "Public" as const, "Isolated" as const, "Unused" as const),
      cidrMask: fc.option(fc.integer({ min: 17, max: 28 }), { nil: undefined }),
      name: fc.string({ minLength: 1, maxLength: 4 }),
    });
    const request = fc.record({
      zones: fc.integer({ min: 1, max: 3 }).map((count) => ZONES.slice(0, count)),
      specs: fc.uniqueArray(spec, { minLength: 1, maxLength: 5, selector: ({ name }) => name }),
      strategy: fc.constantFrom("Auto" as const, "Legacy" as const, "AutoMerge" as const),
    });
    let laid = 0;
    fc.assert(
      fc.property(request, (asked) => {
        let subnets;
        try {
          subnets = lay(asked).map(({ cidrBlock }) => parseBlock(cidrBlock));
        } catch (error) {
          assert.match((error as Error).message, /too large|overlap|outside/);
          return;
        }
        laid += 1;
        subnets.forEach((one, index) => {
          assert.ok(contains(parseBlock("10.0.0.0/16"), one));
          assert.ok(subnets.slice(index + 1).every((other) => !overlap(one, other)));
        });
      }),
    );
    assert.ok(laid > 10, `only ${laid} layouts were possible`);
  });
});
