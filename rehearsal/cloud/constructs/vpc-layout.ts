import type * as awsx from "@pulumi/awsx";
import { after, align, contains, format, overlap, parseBlock, sizeOf, type Block } from "./cidr";

type SubnetSpec = awsx.types.input.ec2.SubnetSpecArgs;
type Strategy = "Auto" | "AutoMerge" | "Exact" | "Legacy";

/** A subnet to create. */
export interface Subnet {
  readonly type: "Isolated" | "Private" | "Public" | "Unused";
  readonly zone: string;
  /** Its name in Pulumi: `<vpc>-<spec>-<number of the zone>`. */
  readonly name: string;
  readonly nameTag: string;
  readonly cidrBlock: string;
  readonly tags?: SubnetSpec["tags"];
}

/** What the layout is made from. */
export interface LayoutRequest {
  readonly name: string;
  readonly cidrBlock: string;
  readonly zones: readonly string[];
  readonly strategy?: Strategy;
  readonly specs?: readonly SubnetSpec[];
  /** The mask of each zone's share; by default the VPC is split evenly. */
  readonly zoneMask?: number;
  readonly nameTags?: "AvailabilityZone" | "Legacy";
}

const DEFAULT: readonly SubnetSpec[] = [{ type: "Private" }, { type: "Public" }];
const LEGACY_ORDER = ["Private", "Public", "Isolated"];
const LEGACY_MASK: Readonly<Record<string, number>> = { Private: 19, Public: 20, Isolated: 24 };

/** How many bits tell this many things apart. */
const bits = (count: number): number => Math.ceil(Math.log2(Math.max(1, count)));

/**
 * Gives every subnet of every zone its range, in the order of the specs (`Legacy`: private, public,
 * isolated), as awsx does.
 *
 * @throws Error that names the ranges that do not fit, overlap or leave gaps
 */
export function layout(request: LayoutRequest): Subnet[] {
  const { name, zones, strategy = "Legacy" } = request;
  const vpc = parseBlock(request.cidrBlock);
  const specs = order(merge(request.specs, strategy), strategy);
  uniqueNames(specs);
  const explicit = specs.some((spec) => spec.cidrBlocks !== undefined);
  const ranges = explicit ? given(specs, zones) : placed(vpc, specs, request);
  const subnets = zones.flatMap((zone, zoneIndex) =>
    specs.map((spec, specIndex) => {
      const label = spec.name ?? spec.type.toLowerCase();
      const suffix =
        request.nameTags === "AvailabilityZone" ? zone.replace(/^[a-z]{2}(-[a-z]+)+-/, "") : zoneIndex + 1;
      return {
        type: spec.type,
        zone,
        name: `${name}-${label}-${zoneIndex + 1}`,
        nameTag: `${name}-${label}-${suffix}`,
        cidrBlock: format(ranges[zoneIndex]![specIndex]!),
        tags: spec.tags,
      };
    }),
  );
  verify(vpc, request.cidrBlock, subnets, strategy);
  return subnets.filter((subnet) => subnet.type !== "Unused");
}

function merge(specs: readonly SubnetSpec[] | undefined, strategy: Strategy): readonly SubnetSpec[] {
  if (specs === undefined) return DEFAULT;
  if (specs.length === 0) throw new Error("No subnets specified");
  if (strategy !== "AutoMerge") return specs;
  if (specs.some((spec) => spec.cidrBlocks !== undefined)) {
    throw new Error(
      'subnetStrategy="AutoMerge" does not support subnetSpecs with explicit cidrBlocks; use "Auto" or "Exact"',
    );
  }
  const unnamed = (type: string) => specs.find((spec) => spec.type === type && spec.name === undefined);
  const merged = DEFAULT.map((spec) => ({ ...spec, ...unnamed(spec.type) }));
  return [...merged, ...specs.filter((spec) => !DEFAULT.some(({ type }) => unnamed(type) === spec))];
}

function order(specs: readonly SubnetSpec[], strategy: Strategy): readonly SubnetSpec[] {
  if (strategy !== "Legacy") return specs;
  return LEGACY_ORDER.flatMap((type) => specs.filter((spec) => spec.type === type));
}

function uniqueNames(specs: readonly SubnetSpec[]): void {
  const seen = new Set<string>();
  for (const { name, type } of specs) {
    const key = name ?? type.toLowerCase();
    if (seen.has(key)) {
      throw new Error(
        `Multiple subnet specs of type "${type}" require unique names; "${key}" is there twice`,
      );
    }
    seen.add(key);
  }
}

function given(specs: readonly SubnetSpec[], zones: readonly string[]): Block[][] {
  return zones.map((_, zone) =>
    specs.map(({ cidrBlocks, cidrMask }, index) => {
      if (cidrBlocks?.length !== zones.length) {
        throw new Error(
          `The number of CIDR blocks in subnetSpecs[${index}] must match the number of availability zones ` +
            `(${zones.length}), and if any subnet spec has explicit cidrBlocks, all must have them.`,
        );
      }
      const block = parseBlock(cidrBlocks[zone]!);
      if (cidrMask !== undefined && cidrMask !== block.mask) {
        throw new Error(
          `The cidrMask in subnetSpecs[${index}] must match all cidrBlocks or be left undefined.`,
        );
      }
      return block;
    }),
  );
}

function placed(vpc: Block, specs: readonly SubnetSpec[], request: LayoutRequest): Block[][] {
  const { zones, strategy = "Legacy", zoneMask = vpc.mask + bits(zones.length) } = request;
  const masks = specs.map((spec, index) => maskOf(spec, index, zoneMask, specs.length, request));
  const wanted = masks.reduce((sum, mask) => sum + sizeOf(mask), 0);
  if (wanted > sizeOf(zoneMask) && strategy !== "Legacy") {
    throw new Error(
      `Subnets are too large for VPC. A zone has ${sizeOf(zoneMask)} addresses, but its subnets require ${wanted} addresses.`,
    );
  }
  return zones.map((_, zone) => {
    let last: Block | undefined;
    return masks.map((mask) => {
      const base = vpc.first + zone * sizeOf(zoneMask);
      last = last ? after(last, mask) : align(base, mask);
      return last;
    });
  });
}

function maskOf(
  spec: SubnetSpec,
  index: number,
  zoneMask: number,
  count: number,
  request: LayoutRequest,
): number {
  const size = spec.size === undefined ? undefined : 32 - Math.log2(spec.size);
  if (size !== undefined && !Number.isInteger(size)) {
    throw new Error(
      `The following subnet sizes are invalid: ${String(spec.size)}. Valid sizes are powers of 2.`,
    );
  }
  const asked = spec.cidrMask ?? size;
  if (asked !== undefined) return asked;
  const { strategy = "Legacy", specs } = request;
  if (strategy === "Legacy" && specs) {
    return Math.max(zoneMask + (count === 1 ? 0 : 1), LEGACY_MASK[spec.type] ?? 24);
  }
  // Without specs, private subnets get half of a zone and public ones a quarter (of a /16 at most).
  if (!specs || strategy === "AutoMerge")
    return Math.max(zoneMask, strategy === "Legacy" ? 0 : 16) + index + 1;
  return zoneMask + bits(count);
}

function verify(vpc: Block, cidr: string, subnets: readonly Subnet[], strategy: Strategy): void {
  const blocks = subnets.map((subnet) => ({ subnet, block: parseBlock(subnet.cidrBlock) }));
  const clashes = blocks.filter((a) => blocks.some((b) => a !== b && overlap(a.block, b.block)));
  if (clashes.length > 0) {
    const list = clashes.map(({ subnet }, index) => `${index + 1}. ${subnet.name}: ${subnet.cidrBlock}`);
    throw new Error(
      "The following subnets overlap with at least one other subnet. Make the CIDR for the VPC larger, reduce the " +
        `size of the subnets per AZ, or use less Availability Zones:\n\n${list.join("\n")}`,
    );
  }
  const outside = blocks.filter(({ block }) => !contains(vpc, block));
  if (outside.length > 0) {
    const list = outside.map(({ subnet }) => `${subnet.name}: ${subnet.cidrBlock}`);
    throw new Error(`The following subnets are outside the VPC's range ${cidr}: ${list.join(", ")}`);
  }
  const covered = blocks.reduce((sum, { block }) => sum + sizeOf(block.mask), 0);
  if (strategy === "Exact" && covered !== sizeOf(vpc.mask)) {
    throw new Error(
      `There are gaps in the subnet ranges: they cover ${covered} of ${sizeOf(vpc.mask)} addresses of ${cidr}. ` +
        'Fill them with specs of type "Unused", or use subnetStrategy "Auto".',
    );
  }
}
