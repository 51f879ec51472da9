import { type ZodType, z } from "zod";
import type { Migration } from "../migration";
import {
  COLOURS,
  type Colour,
  type Manifest,
  type Release,
  STRATEGIES,
  allTo,
  otherColour,
  type Shares,
} from "../release";
import { type Fault, type Path, isRecord } from "./faults";
import { type Fields, oneOf, readFields, whole } from "./fields";
import { image, version } from "./forms";
import { readMigration } from "./migration";

/** A colour as far as it could be read. */
export type PartialManifest = Omit<Manifest, "migration"> & { readonly migration?: Partial<Migration> };

/** A release as far as it could be read. */
export type PartialRelease = Partial<Pick<Release, "strategy" | "live" | "capacity" | "supersedes">> & {
  readonly traffic?: Partial<Shares>;
} & { readonly [Key in Colour]?: PartialManifest } & {
  readonly named?: Readonly<Record<Colour, NamedServices>>;
};

/** Where a colour names services, as configuration has it: also where something beside it is wrong. */
export interface NamedServices {
  readonly images: Readonly<Record<string, unknown>>;
  readonly services: readonly unknown[];
}

/** Digits in quotes can mean nothing but the number, so they are taken as it. */
const share = z.preprocess(
  (raw) => (typeof raw === "string" && /^(0|[1-9]\d{0,2})$/.test(raw) ? Number(raw) : raw),
  whole(0, 100),
) as ZodType<number>;

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whole numbers and truth values can be written in one way only, so they are taken as their text. */
const setting = z.preprocess(
  (raw) =>
    typeof raw === "boolean" || (Number.isSafeInteger(raw) && !Object.is(raw, -0)) ? String(raw) : raw,
  z.string({ error: "a text; put quotes around a number with a point" }),
) as ZodType<string>;

const NO_NAME =
  "no such name: an environment variable is letters, digits and underscores, without a digit first";

const MANIFEST: Fields<Omit<Manifest, "migration">> = {
  version: { schema: version, example: "2.4.0" },
  images: {
    schema: z.record(z.string(), image, { error: "image references by service" }),
    element: "123456789012.dkr.ecr.us-east-1.amazonaws.com/voiceassist-api-gateway:2.4.0",
  },
  settings: {
    schema: z.record(z.string().regex(VARIABLE), setting, {
      error: (issue) => (issue.code === "invalid_key" ? NO_NAME : "texts by environment variable"),
    }),
    secret: true,
  },
  services: {
    schema: z
      .array(z.string({ error: "the name of a service" }), { error: "a list of services' names" })
      .min(1, { error: "one service at least; leave the key out to have every service" }),
  },
};

/** Reads `sluice:release`; what is absent or wrong is absent in the answer. */
export function readRelease(raw: unknown = {}, faults: Fault[]): PartialRelease {
  const fields: Fields<Pick<Release, "strategy" | "live"> & { supersedes: string }> = {
    strategy: { required: true, schema: oneOf(STRATEGIES), words: STRATEGIES, example: "canary" },
    live: { required: true, schema: oneOf(COLOURS), words: COLOURS, example: "blue" },
    supersedes: { schema: version, example: "2.3.1" },
  };
  const read = readFields(raw, ["release"], fields, faults, ["traffic", "capacity", ...COLOURS]);
  if (!isRecord(raw)) return read;
  const [blue, green] = COLOURS.map((colour) => readManifest(own(raw, colour), ["release", colour], faults));
  const traffic = readTraffic(own(raw, "traffic"), read.live ?? "blue", faults);
  const capacity = readCapacity(own(raw, "capacity"), faults);
  const named = { blue: namesIn(own(raw, "blue")), green: namesIn(own(raw, "green")) };
  return {
    ...read,
    traffic,
    ...(capacity && { capacity }),
    named,
    ...(blue && { blue }),
    ...(green && { green }),
  };
}

/** Without `traffic` each share is missing by itself: a command can set a share, and none can set both. */
function readTraffic(raw: unknown = {}, live: Colour, faults: Fault[]): Partial<Shares> {
  const fields = Object.fromEntries(
    COLOURS.map((colour) => {
      const other = share.safeParse(isRecord(raw) ? own(raw, otherColour(colour)) : undefined);
      const example = other.success ? 100 - other.data : allTo(live)[colour];
      return [colour, { required: true, schema: share, example }];
    }),
  ) as unknown as Fields<Shares>;
  return readFields(raw, ["release", "traffic"], fields, faults);
}

/** What is absent is full size, and stays absent. */
function readCapacity(raw: unknown, faults: Fault[]): Release["capacity"] {
  if (raw === undefined) return undefined;
  const field = { schema: whole(1, 1_000), example: 100 };
  const read = readFields<NonNullable<Release["capacity"]>>(
    raw,
    ["release", "capacity"],
    { blue: field, green: field },
    faults,
  );
  return Object.keys(read).length > 0 ? read : undefined;
}

/** A colour that configuration leaves out has nothing. */
function readManifest(raw: unknown = {}, path: Path, faults: Fault[]): PartialManifest | undefined {
  const read = readFields(raw, path, MANIFEST, faults, ["migration"], true);
  if (!isRecord(raw)) return undefined;
  const asked = own(raw, "migration");
  const migration = asked === undefined ? undefined : readMigration(asked, [...path, "migration"], faults);
  // A version that is wrong is another fault than one that is absent.
  const version = own(raw, "version") === undefined ? {} : { version: read.version ?? "" };
  return { ...read, ...(migration && { migration }), ...version };
}

function namesIn(manifest: unknown): NamedServices {
  const record = isRecord(manifest) ? manifest : {};
  const [images, services] = [own(record, "images"), own(record, "services")];
  return {
    images: isRecord(images) ? images : {},
    services: Array.isArray(services) ? (services as readonly unknown[]) : [],
  };
}

const own = (record: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;
