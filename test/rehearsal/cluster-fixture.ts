import type {
  Behaviour,
  CheckResult,
  CreateRequest,
  Values,
} from "../../rehearsal/cloud/providers/behaviour";
import { World } from "../../rehearsal/cloud/world";
import { startControllers, type Controllers } from "../../rehearsal/cloud/cluster/controllers";
import { kubernetesBehaviour } from "../../rehearsal/cloud/cluster/provider";
import { kindOf } from "../../rehearsal/cloud/cluster/kinds";
import type { Faults } from "../../rehearsal/cloud/faults";
import { NAMESPACE, SERVICE, TARGET_GROUP, TARGET_GROUP_BINDING } from "../../rehearsal/cloud/cluster/tokens";

export {
  DEPLOYMENT,
  JOB,
  NAMESPACE,
  SERVICE,
  TARGET_GROUP_BINDING,
} from "../../rehearsal/cloud/cluster/tokens";

/** A local cluster with its provider and controllers, at a pace for tests. */
export interface TestCluster {
  readonly world: World;
  readonly controllers: Controllers;
  readonly provider: Behaviour;
  check(type: string, news: object, more?: { olds?: object; provider?: object }): CheckResult;
  /** Checks and creates; the given name becomes metadata.name where there is none. */
  create(type: string, name: string, object: object, more?: Partial<CreateRequest>): Promise<Created>;
  update(made: Created, news: object, more?: { timeoutSeconds?: number; provider?: object }): Promise<Values>;
  delete(made: Created): Promise<void>;
}

export interface Created {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Values;
  readonly properties: Values;
}

const SEED = new Uint8Array([0xab, 0xcd, 0xef, 0x01, 0x23]);
const urnOf = (type: string, name: string) => `urn:pulumi:dev::sluice::${type}::${name}`;

/** The pace ends pods twenty times faster than they say, so that a test need not wait for a preStop hook. */
export function testCluster({ faults, end = 0.05 }: { faults?: Faults; end?: number } = {}): TestCluster {
  const world = new World();
  const controllers = startControllers(world, { start: 0.005, end, scale: 0.01 });
  const provider = kubernetesBehaviour(world, controllers, faults);
  const wait = { signal: new AbortController().signal, timeoutSeconds: 5 };
  const subject = (type: string, name: string) => ({ urn: urnOf(type, name), type, name, provider: {} });
  const check: TestCluster["check"] = (type, news, more = {}) =>
    provider.check({
      ...subject(type, "thing"),
      news: complete(type, news),
      olds: more.olds as Values | undefined,
      provider: (more.provider ?? {}) as Values,
      randomSeed: SEED,
    });
  return {
    world,
    controllers,
    provider,
    check,
    async create(type, name, object, more = {}) {
      const named = { ...object, metadata: { name, ...(object as { metadata?: object }).metadata } };
      const { inputs, failures } = check(type, named);
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
      const made = await provider.create({
        ...subject(type, name),
        ...wait,
        inputs,
        preview: false,
        ...more,
      });
      return { type, name, inputs, ...made };
    },
    async update(made, news, more = {}) {
      const checked = check(made.type, { metadata: { name: made.name }, ...news }, { olds: made.inputs });
      if (checked.failures.length > 0) throw new Error(JSON.stringify(checked.failures));
      const request = { ...subject(made.type, made.name), ...wait, id: made.id, oldInputs: made.inputs };
      const now = { olds: made.properties, news: checked.inputs, ignoreChanges: [], preview: false };
      return provider.update({ ...request, ...now, ...(more as object) });
    },
    delete: (made) =>
      provider.delete({
        ...subject(made.type, made.name),
        ...wait,
        id: made.id,
        properties: made.properties,
      }),
  };
}

/** As the SDK does, which always sends these two. */
const complete = (type: string, object: object): Values => {
  const kind = kindOf(type);
  return { ...(kind && { apiVersion: kind.apiVersion, kind: kind.kind }), ...object };
};

/** A pod template of one container. */
export const template = (labels: Record<string, string>, container: object = {}, spec: object = {}) => ({
  metadata: { labels },
  spec: { ...spec, containers: [{ name: "api", image: "registry.test/api:1.0.0", ...container }] },
});

/** A Deployment that is accepted; each test breaks it in one place. */
export const deployment = (
  spec: object = {},
  labels: Record<string, string> = { app: "api", colour: "blue" },
) => ({
  spec: { replicas: 2, selector: { matchLabels: labels }, template: template(labels), ...spec },
});

export const service = (selector: Record<string, string> = { app: "api", colour: "blue" }) => ({
  metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
  spec: { selector, ports: [{ name: "http", port: 80, targetPort: "http" }] },
});

export const ARN =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api-blue/0123456789abcdef";

/** Puts a target group into the world, as the aws provider does. */
export const addTargetGroup = (world: World, arn = ARN): void =>
  world.put({
    type: TARGET_GROUP,
    id: arn,
    properties: { arn, name: "api-blue", port: 8000, targetType: "ip" },
  });

export const binding = (arn = ARN) => ({
  spec: { serviceRef: { name: "api-blue", port: 80 }, targetGroupARN: arn, targetType: "ip" },
});

/** A service of one colour behind a target group, as Sluice makes it, in a namespace with readiness gates or without. */
export async function exposed(cluster: TestCluster, gates: boolean): Promise<{ namespace: string }> {
  const labels = gates ? { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } : {};
  await cluster.create(NAMESPACE, "app", { metadata: { labels } });
  addTargetGroup(cluster.world);
  const inApp = (object: object) => ({
    ...object,
    metadata: { ...(object as { metadata?: object }).metadata, namespace: "app" },
  });
  await cluster.create(SERVICE, "api-blue", inApp(service()));
  await cluster.create(TARGET_GROUP_BINDING, "api-blue", inApp(binding()));
  return { namespace: "app" };
}

/** Waits until the condition holds. Fails after five seconds, saying what it waited for. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
