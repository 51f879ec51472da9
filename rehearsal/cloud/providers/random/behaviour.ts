import { readFileSync } from "node:fs";
import { checkProperties } from "../aws/check";
import { withDefaults } from "../aws/complete";
import { diffProperties } from "../aws/diff";
import type * as api from "../behaviour";
import { UNKNOWN, type Values } from "../behaviour";
import { RANDOM_TYPES } from "./facts";
import { impossible, randomId, randomText } from "./generate";

const { version } = JSON.parse(readFileSync(require.resolve("@pulumi/random/package.json"), "utf8")) as {
  version: string;
};

/**
 * Pulumi's provider of random values. They live in the stack's state alone: nothing of them is in the world,
 * and they stay as they are until a property of theirs changes.
 */
export class RandomBehaviour implements api.Behaviour {
  readonly package = "random";
  readonly version = version;

  checkConfig({ news }: api.CheckRequest): api.CheckResult {
    return { inputs: news, failures: [] };
  }

  diffConfig(): api.DiffResult {
    return { changes: [] };
  }

  check({ type, news }: api.CheckRequest): api.CheckResult {
    const facts = factsOf(type);
    const failures = checkProperties(facts, news);
    const inputs = withDefaults(facts, news);
    const reason = "length" in facts && failures.length === 0 ? impossible(inputs) : undefined;
    if (reason !== undefined) failures.push({ property: "length", reason });
    return { inputs, failures };
  }

  diff({ type, oldInputs, news }: api.DiffRequest): api.DiffResult {
    return { changes: diffProperties(factsOf(type), oldInputs, news) };
  }

  create({ type, inputs, preview }: api.CreateRequest): Promise<api.Created> {
    const names = outputsOf(type);
    if (preview) {
      const unknown: Values = Object.fromEntries(names.map((name) => [name, UNKNOWN]));
      return Promise.resolve({ id: "", properties: { ...inputs, ...unknown } });
    }
    if (type.endsWith(":RandomId")) {
      const { id, outputs } = randomId(inputs);
      return Promise.resolve({ id, properties: { ...inputs, ...outputs } });
    }
    const result = randomText(inputs);
    const id = type.endsWith(":RandomPassword") ? "none" : result;
    return Promise.resolve({ id, properties: { ...inputs, result } });
  }

  read({ id, inputs, properties }: api.ReadRequest): Promise<api.ReadResult | undefined> {
    return Promise.resolve({ id, inputs, properties });
  }

  update({ olds, news }: api.UpdateRequest): Promise<Values> {
    return Promise.resolve({ ...olds, ...news });
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  invoke({ token }: api.InvokeRequest): Promise<api.InvokeResult> {
    return Promise.reject(new Error(`the provider random has no function ${token}`));
  }
}

function factsOf(type: string) {
  const facts = RANDOM_TYPES[type];
  if (facts) return facts;
  throw new Error(
    `the local cloud does not know the type ${type}; it has ${Object.keys(RANDOM_TYPES).join(", ")}. ` +
      "Add it to rehearsal/cloud/providers/random/facts.ts",
  );
}

const outputsOf = (type: string): readonly string[] =>
  type.endsWith(":RandomId") ? ["b64Std", "b64Url", "dec", "hex"] : ["result"];
