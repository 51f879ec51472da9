import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { RecordingMocks, known, settled } from "./mocks";

export const KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1";
export const key = { arn: pulumi.output(KEY_ARN) };

/** Adds what ElastiCache, S3 and the random provider would compute. */
class BackendMocks extends RecordingMocks {
  override newResource(args: pulumi.runtime.MockResourceArgs) {
    const { id, state } = super.newResource(args);
    return { id, state: { ...state, ...computed(args.type, args.name) } };
  }
}

function computed(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "aws:elasticache/replicationGroup:ReplicationGroup":
      return {
        primaryEndpointAddress: "primary.cache.example.com",
        configurationEndpointAddress: "configuration.cache.example.com",
      };
    case "aws:s3/bucket:Bucket":
      return { bucket: `${name}-1234567` };
    case "random:index/randomPassword:RandomPassword":
      return { result: pulumi.secret(`password of ${name}`) };
    case "random:index/randomId:RandomId":
      return { hex: "0a1b2c3d" };
    default:
      return {};
  }
}

/** What `make` registered, with which options; it is given the options for the component under test. */
export async function registered<T>(make: (opts: pulumi.ComponentResourceOptions) => T) {
  const mocks = new BackendMocks();
  void pulumi.runtime.setMocks(mocks, "sluice", "dev", false);
  const options = new Map<string, pulumi.CustomResourceOptions>();
  const component = make({
    transformations: [
      ({ type, name, props, opts }) => {
        options.set(`${type} ${name}`, opts);
        return { props, opts };
      },
    ],
  });
  await settled();
  return {
    mocks,
    component,
    options: (type: string, name: string) => {
      const found = options.get(`${type} ${name}`);
      if (!found) throw new Error(`no ${type} ${name} among ${[...options.keys()].join(", ")}`);
      return found;
    },
    /** Logical names of what is protected from deletion. */
    kept: () =>
      [...options]
        .filter(([, { protect }]) => protect === true)
        .map(([resource]) => resource.split(":").at(-1)!),
  };
}

/** The cluster and the operator as components take them. Call it inside {@link registered}. */
export function surroundings() {
  const provider = new k8s.Provider("cluster", { kubeconfig: "{}" });
  const release = new k8s.helm.v3.Release("operator", { chart: "external-secrets" }, { provider });
  return {
    region: "us-east-1",
    cluster: {
      provider,
      ready: [provider],
      storageClasses: {
        data: pulumi.output("gp3-encrypted"),
        scratch: pulumi.output("gp3-encrypted-scratch"),
      },
      oidcProviderArn: pulumi.output("arn:aws:iam::123456789012:oidc-provider/issuer"),
      oidcIssuer: pulumi.output("https://issuer"),
    },
    operator: { release },
  };
}

/** What a resource waits for, as `type name`. */
export async function waitedFor({ dependsOn }: pulumi.CustomResourceOptions): Promise<string[]> {
  const urns = await Promise.all([dependsOn].flat().map((one) => known((one as pulumi.Resource).urn)));
  return urns.map((urn) => {
    const [types, name] = urn.split("::").slice(-2) as [string, string];
    return `${types.split("$").at(-1)!} ${name}`;
  });
}

/** A statement of an IAM policy document. */
export interface Statement {
  Sid?: string;
  Effect: string;
  Principal?: string | Record<string, string>;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string>>;
}

export const statements = (document: unknown): Statement[] =>
  (JSON.parse(document as string) as { Statement: Statement[] }).Statement;

/** The value inside what was registered as a secret. */
export const revealed = (input: unknown): string => (input as { value: string }).value;
