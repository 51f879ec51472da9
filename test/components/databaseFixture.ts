import * as pulumi from "@pulumi/pulumi";
import { Database } from "../../components/backends/database";
import { BACKENDS, type DatabaseSettings } from "../../model/backends";
import type { Environment } from "../../model/environments";
import { RecordingMocks, known, settled } from "./mocks";

export const INSTANCE = "aws:rds/instance:Instance";
export const PASSWORD = "random:index/randomPassword:RandomPassword";
export const KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1";

/** Adds what RDS, Lambda and the random provider would compute. */
class DatabaseMocks extends RecordingMocks {
  override newResource(args: pulumi.runtime.MockResourceArgs) {
    const { id, state } = super.newResource(args);
    return { id, state: { ...state, ...computed(args.type, args.name) } };
  }
}

function computed(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case INSTANCE:
      return { address: `${name}.rds.example.com` };
    case PASSWORD:
      return { result: pulumi.secret(`password of ${name}`) };
    case "random:index/randomId:RandomId":
      return { hex: "0a1b2c3d" };
    case "aws:serverlessrepository/cloudFormationStack:CloudFormationStack":
      return { outputs: { RotationLambdaARN: `arn:lambda:${name}` } };
    default:
      return {};
  }
}

/** The database of an environment, what it registered, and with which options. */
export async function database(environment: Environment = "dev", changed: Partial<DatabaseSettings> = {}) {
  const mocks = new DatabaseMocks();
  void pulumi.runtime.setMocks(mocks, "sluice", environment, false);
  const options = new Map<string, pulumi.CustomResourceOptions>();
  const component = new Database(
    "database",
    {
      name: `shop-app-${environment}`,
      app: "shop-app",
      environment,
      region: "us-east-1",
      settings: { ...BACKENDS[environment].database, ...changed },
      network: {
        vpcId: pulumi.output("vpc-1"),
        privateSubnetIds: pulumi.output(["subnet-3", "subnet-4"]),
      },
      key: { arn: pulumi.output(KEY_ARN) },
      clientSecurityGroupId: "sg-pods",
    },
    {
      transformations: [
        ({ type, name, props, opts }) => {
          options.set(`${type} ${name}`, opts);
          return { props, opts };
        },
      ],
    },
  );
  await settled();
  return {
    mocks,
    component,
    options: (type: string, name: string) => options.get(`${type} ${name}`) ?? {},
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
