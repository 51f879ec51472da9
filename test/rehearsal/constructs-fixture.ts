import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { provider } from "../../rehearsal/cloud/constructs/provider";

// The SDK waits with this before it answers a construct call; it is exported, but not declared.
const { waitForRPCs, getMonitor } = settings as unknown as {
  waitForRPCs(): Promise<void>;
  getMonitor(): { getRegisteredResources(): Map<string, unknown> };
};

/** A resource that a component registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** Records what the components register. */
export class Recording implements pulumi.runtime.Mocks {
  readonly registered: Registered[] = [];

  newResource({ type, name, inputs }: pulumi.runtime.MockResourceArgs) {
    this.registered.push({ type, name, inputs: inputs as Record<string, unknown> });
    return { id: `${name}-id`, state: { ...inputs, ...STATE[type] } as Record<string, unknown> };
  }

  call({ token, inputs }: pulumi.runtime.MockCallArgs) {
    if (token.endsWith("getAvailabilityZones")) return { names: ["us-east-1a", "us-east-1b", "us-east-1c"] };
    return { ...(inputs as Record<string, unknown>), partition: "aws" };
  }

  names(type: string): string[] {
    return this.registered
      .filter((one) => one.type === type)
      .map(({ name }) => name)
      .sort();
  }

  /** The type of the resource's parent. */
  parentOf(type: string, name: string): string {
    const urns = [...getMonitor().getRegisteredResources().keys()];
    return urns
      .find((one) => one.endsWith(`${type}::${name}`))!
      .split("::")[2]!
      .split("$")[0]!;
  }

  one(type: string, name: string): Registered {
    const found = this.registered.filter(
      (registered) => registered.type === type && registered.name === name,
    );
    assert.equal(found.length, 1, `${found.length} resources are ${type} ${name}`);
    return found[0]!;
  }
}

const STATE: Readonly<Record<string, object>> = {
  "aws:eks/cluster:Cluster": {
    arn: "arn:aws:eks:eu-west-1:123456789012:cluster/app",
    endpoint: "https://cluster.test",
    certificateAuthority: { data: "Q0E=" },
    identities: [{ oidcs: [{ issuer: "https://oidc.test/id/1" }] }],
    vpcConfig: { clusterSecurityGroupId: "sg-own" },
    version: "1.33",
  },
};

/** Constructs a component as the engine asks for it; gives what was registered and the outputs. */
export async function construct(type: string, name: string, args: pulumi.Inputs) {
  const recording = new Recording();
  await pulumi.runtime.setMocks(recording, "sluice", "dev", false);
  const { state } = await provider.construct!(name, type, args, {});
  await waitForRPCs();
  const outputs = await new Promise<Record<string, unknown>>((resolve) =>
    pulumi.output(state).apply(resolve),
  );
  return { recording, outputs };
}

/** The paths and reasons of what was refused. */
export async function refused(type: string, args: pulumi.Inputs): Promise<[path: string, reason: string][]> {
  try {
    await construct(type, "x", args);
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    return error.errors.map(({ propertyPath, reason }) => [propertyPath, reason]);
  }
  return [];
}
