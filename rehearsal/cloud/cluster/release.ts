import {
  UNKNOWN,
  type Change,
  type CheckRequest,
  type CheckResult,
  type DiffResult,
  type Values,
} from "../providers/behaviour";
import { CloudError } from "../faults";
import type { Held } from "../world";
import type { ApiServer } from "./api-server";
import { differences } from "./diff";
import { kindOf, RELEASE } from "./kinds";
import { isLabel } from "./names";
import { madeUp } from "./naming";
import { stringOf } from "./objects";
import { violations } from "./schema";

const NAME_RULE = "an RFC 1123 label of up to 53 characters";

/** Checks a Helm release, and names it as Pulumi does where the program does not. */
export function checkRelease({ news, olds, name, randomSeed, provider }: CheckRequest): CheckResult {
  const failures = violations(news, "#helm.v3.Release", "");
  const inputs: Values = { ...news };
  inputs.name ??= olds?.name ?? madeUp(name, randomSeed);
  inputs.namespace ??= stringOf(provider.namespace) ?? "default";
  if (typeof inputs.name === "string" && (!isLabel(inputs.name) || inputs.name.length > 53)) {
    failures.push({
      property: "name",
      reason: `found ${JSON.stringify(inputs.name)}, allowed is ${NAME_RULE}`,
    });
  }
  return { inputs, failures };
}

/** A release keeps its name and namespace for life; everything else is an upgrade. */
export function diffRelease(olds: Values, news: Values): DiffResult {
  const changes: Change[] = differences(olds, news).map((change) => ({
    ...change,
    replace: change.path === "name" || change.path === "namespace",
  }));
  return { changes, deleteBeforeReplace: false };
}

const idOf = (inputs: Values): string => `${String(inputs.namespace)}/${String(inputs.name)}`;

/** What a release reports: no chart is fetched here, so it is deployed as soon as it is asked for. */
function outputs(inputs: Values, revision: number): Values {
  return {
    ...inputs,
    resourceNames: inputs.resourceNames ?? {},
    status: {
      appVersion: "",
      chart: stringOf(inputs.chart) ?? "",
      name: inputs.name ?? "",
      namespace: inputs.namespace ?? "",
      revision,
      status: "deployed",
      version: stringOf(inputs.version) ?? "",
    },
  };
}

/** What a preview shows of a release. */
export const previewRelease = (inputs: Values): Values => ({
  ...inputs,
  resourceNames: UNKNOWN,
  status: UNKNOWN,
});

/** @throws CloudError when the name is in use, or the namespace is missing and not to be created */
export function createRelease(server: ApiServer, inputs: Values): Held {
  const id = idOf(inputs);
  if (server.world.get(RELEASE, id))
    throw new CloudError("AlreadyExists", "cannot re-use a name that is still in use");
  if (inputs.createNamespace === true) server.ensureNamespace(String(inputs.namespace), kindOf(NAMESPACE)!);
  server.needNamespace(String(inputs.namespace));
  const held: Held = { type: RELEASE, id, properties: outputs(inputs, 1) };
  server.world.put(held);
  return held;
}

const NAMESPACE = "kubernetes:core/v1:Namespace";

/** @throws CloudError when there is no such release */
export function updateRelease(server: ApiServer, id: string, inputs: Values): Held {
  const held = server.world.get(RELEASE, id);
  if (!held) throw new CloudError("NotFound", `release: not found: "${id}"`);
  const { revision } = (held.properties.status ?? {}) as { revision?: number };
  held.properties = outputs(inputs, (revision ?? 1) + 1);
  server.world.put(held);
  return held;
}
