import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Asset, UNKNOWN, type Values } from "../../rehearsal/cloud/providers/behaviour";
import { fromStruct, toStruct } from "../../rehearsal/cloud/providers/convert";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

const received = (values: unknown): Values =>
  fromStruct(Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]));

/** Names of properties. Protobuf's maps, the Node SDK's as well, cannot carry this one. */
const name = fc.string().filter((text) => text !== "__proto__");

describe("values on the wire", () => {
  it("come back as they were sent", () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(UNKNOWN),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string(),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(name, tie("value"), { noNullPrototype: true, maxKeys: 4 }),
      ),
    })).value;
    const values = fc.dictionary(name, value, { noNullPrototype: true });
    fc.assert(
      fc.property(values, (sent) => {
        assert.deepEqual(fromStruct(toStruct(sent as Values)), sent);
      }),
    );
  });

  it("are unknown at any depth where the engine says so", () => {
    const text = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(received({ a: text, b: [{ c: text }] }), { a: UNKNOWN, b: [{ c: UNKNOWN }] });
  });

  it("arrive without the wrapping of secrets, and without properties that are null", () => {
    const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: { token: "hush" } };
    assert.deepEqual(received({ secret, none: null }), { secret: { token: "hush" } });
  });

  it("hold assets and archives, known by their hash", () => {
    const asset = { [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: "abc", text: "x" };
    const archive = { [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7", hash: "def", path: "./x" };
    const { code, layers } = received({ code: asset, layers: [archive] });
    assert.ok(code instanceof Asset);
    assert.deepEqual([code.kind, code.hash], ["asset", "abc"]);
    assert.deepEqual(layers, [new Asset("archive", { hash: "def", path: "./x" })]);
    assert.deepEqual(toStruct({ code }).toJavaScript(), { code: asset });
  });
});
