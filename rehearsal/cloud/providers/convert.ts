import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Asset, SECRET, SIGNATURE, UNKNOWN, type Value, type Values } from "./values";

/** The texts by which the engine marks special values, beside secrets. */
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What the engine sent, as plain values; secrets are unwrapped, properties that are null are left out. */
export function fromStruct(struct: Struct | undefined): Values {
  return struct ? (decode(struct.toJavaScript()) as Values) : {};
}

function decode(value: unknown): Value {
  if (value === UNKNOWN_TEXT) return UNKNOWN;
  if (Array.isArray(value)) return value.map(decode);
  if (typeof value !== "object" || value === null) return value as null | boolean | number | string;
  const object = value as Record<string, unknown>;
  const signature = object[SIGNATURE];
  if (signature === SECRET) return decode(object.value);
  if (signature === OUTPUT) return "value" in object ? decode(object.value) : UNKNOWN;
  if (signature === RESOURCE) return decode(object.id);
  if (signature === ASSET || signature === ARCHIVE) {
    const { [SIGNATURE]: _, ...content } = object;
    return new Asset(signature === ASSET ? "asset" : "archive", content);
  }
  const decoded: Values = {};
  for (const [name, item] of Object.entries(object)) if (item !== null) decoded[name] = decode(item);
  return decoded;
}

/** The values as the engine reads them; properties that are undefined are left out. */
export function toStruct(values: Values): Struct {
  return Struct.fromJavaScript(encode(values) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function encode(value: Value): unknown {
  if (value === UNKNOWN) return UNKNOWN_TEXT;
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Asset) {
    return { [SIGNATURE]: value.kind === "asset" ? ASSET : ARCHIVE, ...value.content };
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => (item as unknown) !== undefined)
      .map(([name, item]) => [name, encode(item)]),
  );
}
