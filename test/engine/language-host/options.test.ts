import assert from "node:assert/strict";
import { createRequire } from "node:module";
import fc from "fast-check";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

interface Options {
  typescript: boolean;
  tsconfig?: string;
  nodeargs: string[];
}

const load = createRequire(__filename);
const { optionsEnvironment, runtimeOptions, words } = load(
  "../../../rehearsal/engine/language-host/options",
) as {
  optionsEnvironment: (options: Options) => Record<string, string>;
  runtimeOptions: (info: { getOptions(): Struct }) => Options;
  words: (line: string) => string[];
};

const read = (given: Record<string, JavaScriptValue>) =>
  runtimeOptions({ getOptions: () => Struct.fromJavaScript(given) });

describe("the words of nodeargs", () => {
  it("are separated by white space, but for quotes and backslashes", () => {
    assert.deepEqual(words(`  --a  --b="x y"'z "w'  c\\ d "e\\"f" '' `), [
      "--a",
      `--b=x yz "w`,
      "c d",
      `e"f`,
      "",
    ]);
    assert.deepEqual(words(""), []);
  });

  it("are any list of words that was quoted for a shell", () => {
    const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
    const law = (list: string[]) => assert.deepEqual(words(list.map(quoted).join(" ")), list);
    fc.assert(fc.property(fc.array(fc.string()), law));
  });

  it("are refused with an open quote, which is shown", () => {
    assert.throws(() => words(`--a "b c`), /open quote at "b c/);
  });
});

describe("runtime options", () => {
  it("are TypeScript and nothing else by default", () => {
    const options = read({});
    assert.deepEqual(options, { typescript: true, tsconfig: undefined, nodeargs: [] });
    assert.deepEqual(optionsEnvironment(options), { PULUMI_NODEJS_TYPESCRIPT: "true" });
  });

  it("reach the SDK through the environment", () => {
    const options = read({
      typescript: false,
      tsconfig: "other.json",
      nodeargs: "--a b",
      packagemanager: "pnpm",
    });
    assert.deepEqual(options.nodeargs, ["--a", "b"]);
    assert.deepEqual(optionsEnvironment(options), { PULUMI_NODEJS_TSCONFIG_PATH: "other.json" });
  });

  it("of another type are refused with what was found and what is allowed", () => {
    assert.throws(() => read({ nodeargs: true }), /'nodeargs' is true: it must be a string/);
    assert.throws(() => read({ typescript: "no" }), /'typescript' is "no": it must be a boolean/);
  });
});
