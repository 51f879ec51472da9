import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

/** A resource that was registered while the mocks were in place. */
export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** Records what a component registers, and gives ids and the outputs that other resources take. */
export class RecordingMocks implements pulumi.runtime.Mocks {
  readonly registered: Registered[] = [];

  newResource({ type, name, inputs }: pulumi.runtime.MockResourceArgs) {
    this.registered.push({ type, name, inputs: inputs as Record<string, unknown> });
    return { id: `${name}-id`, state: { name, ...inputs, ...outputsOf(type, name) } };
  }

  call({ token, inputs }: pulumi.runtime.MockCallArgs) {
    const account = token === "aws:index/getCallerIdentity:getCallerIdentity" && {
      accountId: "123456789012",
    };
    return { ...(inputs as Record<string, unknown>), ...account };
  }

  /** @throws Error that lists what there is, where not exactly one resource matches */
  find(type: string, name: string): Record<string, unknown> {
    const found = this.registered.filter((one) => one.type === type && one.name === name);
    if (found.length === 1) return found[0]!.inputs;
    const all = this.registered.map((one) => `${one.type} ${one.name}`).join("\n");
    throw new Error(`${found.length} resources are ${type} ${name}; registered were:\n${all}`);
  }

  names(type: string): string[] {
    return this.registered.filter((one) => one.type === type).map(({ name }) => name);
  }
}

/** Installs fresh mocks; components must be made after it. */
export function record(): RecordingMocks {
  const mocks = new RecordingMocks();
  void pulumi.runtime.setMocks(mocks, "sluice", "dev", false);
  return mocks;
}

/** A hook for components that want one; under mocks the engine that would call it is not there. */
export const silentHook = (): pulumi.ResourceHook =>
  Object.assign(Object.create(pulumi.ResourceHook.prototype) as pulumi.ResourceHook, {
    name: "silent",
    callback: () => undefined,
    __pulumiResourceHook: true,
    __registered: Promise.resolve(),
  });

/** Asserts that `actual` has all that `expected` has; it may have more. */
export function assertIncludes(actual: unknown, expected: unknown, path = "inputs"): void {
  if (typeof expected !== "object" || expected === null) {
    assert.deepEqual(actual, expected, path);
    return;
  }
  for (const [key, value] of Object.entries(expected)) {
    assertIncludes((actual as Record<string, unknown> | undefined)?.[key], value, `${path}.${key}`);
  }
}

/** The value of an output that is known. */
export const known = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => void output.apply((value) => resolve(value)));

/** Whether an input was registered as secret, with this value. */
export const assertSecret = (input: unknown, value: unknown): void =>
  assert.deepEqual(input, {
    [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
    value,
  });

/** Waits until everything that was asked for has been registered. */
export const settled = () => pulumi.runtime.disconnect();

const REGION = "us-east-1:123456789012";

/** What a real provider would compute. */
function outputsOf(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "awsx:ec2:Vpc":
      return {
        vpcId: "vpc-1",
        publicSubnetIds: ["subnet-1", "subnet-2"],
        privateSubnetIds: ["subnet-3", "subnet-4"],
      };
    case "eks:index:Cluster":
      return {
        kubeconfigJson: "{}",
        eksCluster: { name: "cluster", vpcConfig: { clusterSecurityGroupId: "sg-cluster" } },
        oidcProviderArn: `arn:aws:iam::123456789012:oidc-provider/issuer`,
        oidcIssuer: "https://issuer",
      };
    case "aws:lb/targetGroup:TargetGroup":
      return { arn: `arn:aws:elasticloadbalancing:${REGION}:targetgroup/${name}/0123456789abcdef` };
    default:
      return { arn: `arn:${name}` };
  }
}
