import type {
  CheckRequest,
  CreateRequest,
  DiffRequest,
  Values,
} from "../../rehearsal/cloud/providers/behaviour";
import { AwsBehaviour } from "../../rehearsal/cloud/providers/aws/behaviour";
import { Faults } from "../../rehearsal/cloud/faults";
import { World } from "../../rehearsal/cloud/world";

export const RULE = "aws:lb/listenerRule:ListenerRule";
export const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
export const LISTENER = "aws:lb/listener:Listener";
export const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";

/** A world with AWS over it, and the calls that the engine makes, with the parts that tests rarely vary. */
export class Cloud {
  readonly world = new World();
  readonly faults = new Faults();
  readonly aws = new AwsBehaviour(this.world, this.faults);

  constructor(readonly provider: Values = { region: "us-east-1" }) {}

  check(type: string, news: Values, more: Partial<CheckRequest> = {}) {
    return this.aws.check({
      ...this.#subject(type, more.name),
      olds: undefined,
      news,
      randomSeed: SEED,
      ...more,
    });
  }

  /** `path: reason` of each fault. */
  faultsOf(type: string, news: Values): string[] {
    return this.check(type, news).failures.map(({ property, reason }) => `${property}: ${reason}`);
  }

  diff(type: string, oldInputs: Values, news: Values, more: Partial<DiffRequest> = {}) {
    return this.aws.diff({
      ...this.#subject(type, more.name),
      id: "id",
      oldInputs,
      olds: oldInputs,
      news,
      ignoreChanges: [],
      ...more,
    });
  }

  /** Checks and creates. */
  async create(type: string, news: Values, more: Partial<CreateRequest> = {}) {
    const { inputs } = this.check(type, news, { name: more.name ?? "api" });
    const subject = this.#subject(type, more.name);
    return this.aws.create({ ...subject, ...WAITING, inputs, preview: false, ...more });
  }

  async update(type: string, id: string, news: Values, { preview = false } = {}) {
    const olds = this.world.get(type, id)?.properties as Values;
    const { inputs } = this.check(type, news, { olds });
    const subject = this.#subject(type);
    return this.aws.update({
      ...subject,
      ...WAITING,
      id,
      oldInputs: olds,
      olds,
      news: inputs,
      ignoreChanges: [],
      preview,
    });
  }

  async read(type: string, id: string, inputs: Values, properties: Values) {
    return this.aws.read({ ...this.#subject(type), ...WAITING, id, inputs, properties });
  }

  async delete(type: string, id: string) {
    return this.aws.delete({ ...this.#subject(type), ...WAITING, id, properties: {} });
  }

  async invoke(token: string, args: Values = {}): Promise<Values> {
    return (await this.aws.invoke({ token, args, provider: this.provider, preview: false })).result;
  }

  #subject(type: string, name = "api") {
    return { urn: `urn:pulumi:dev::test::${type}::${name}`, type, name, provider: this.provider };
  }
}

const SEED = new Uint8Array([1, 2, 3]);

const WAITING = { signal: new AbortController().signal, timeoutSeconds: 0 };

/** A property that is a text. */
export const text = (values: Values | undefined, name: string): string => {
  const value = values?.[name];
  if (typeof value !== "string") throw new Error(`${name} is no text but ${typeof value}`);
  return value;
};

export const targetGroup = (more: Values = {}): Values => ({
  name: "api-blue",
  port: 8080,
  protocol: "HTTP",
  targetType: "ip",
  vpcId: "vpc-0a",
  ...more,
});

/** A forward to blue and green; stickiness on while both have a share. */
export const weighted = (blue: number, green: number, arns = ["arn:blue", "arn:green"]): Values => ({
  type: "forward",
  forward: {
    targetGroups: [
      { arn: arns[0]!, weight: blue },
      { arn: arns[1]!, weight: green },
    ],
    stickiness: { enabled: blue > 0 && green > 0, duration: 60 },
  },
});

export const rule = (action: Values, more: Values = {}): Values => ({
  listenerArn: "arn:listener",
  priority: 100,
  conditions: [{ hostHeader: { values: ["api.example.com"] } }],
  actions: [action],
  ...more,
});

/** A load balancer with a listener and two target groups, made through the provider. */
export async function edge(cloud: Cloud) {
  const vpc = await cloud.create(VPC, { cidrBlock: "10.0.0.0/16" });
  const subnet = (cidrBlock: string) => cloud.create(SUBNET, { vpcId: vpc.id, cidrBlock });
  const subnets = [(await subnet("10.0.0.0/24")).id, (await subnet("10.0.1.0/24")).id];
  const balancer = await cloud.create(LOAD_BALANCER, { name: "edge", subnets });
  const listener = await cloud.create(LISTENER, {
    loadBalancerArn: balancer.id,
    port: 80,
    protocol: "HTTP",
    defaultActions: [
      { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } },
    ],
  });
  const group = (name: string) => cloud.create(TARGET_GROUP, targetGroup({ name, vpcId: vpc.id }));
  const groups = [(await group("api-blue")).id, (await group("api-green")).id];
  return { vpc, subnets, balancer, listener, groups };
}
