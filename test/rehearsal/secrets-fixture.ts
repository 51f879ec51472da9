import { AwsBehaviour } from "../../rehearsal/cloud/providers/aws/behaviour";
import type { Values } from "../../rehearsal/cloud/providers/behaviour";
import { Faults } from "../../rehearsal/cloud/faults";
import type { World } from "../../rehearsal/cloud/world";
import { currentVersion } from "../../rehearsal/cloud/secrets/versions";
import { RELEASE } from "../../rehearsal/cloud/cluster/kinds";
import { EXTERNAL_SECRET, SECRET_STORE, SERVICE_ACCOUNT } from "../../rehearsal/cloud/cluster/tokens";
import type { TestCluster } from "./cluster-fixture";
import { text } from "./providers-fixture";

export const INSTANCE = "aws:rds/instance:Instance";
export const SECRET = "aws:secretsmanager/secret:Secret";
export const SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

const WAITING = { signal: new AbortController().signal, timeoutSeconds: 0 };

/** Makes an AWS resource of a world as the engine would. @throws Error with the faults that its check finds */
export async function make(world: World, type: string, name: string, news: Values) {
  const aws = new AwsBehaviour(world, new Faults());
  const subject = {
    urn: `urn:pulumi:dev::test::${type}::${name}`,
    type,
    name,
    provider: { region: "us-east-1" },
  };
  const { inputs, failures } = aws.check({
    ...subject,
    olds: undefined,
    news,
    randomSeed: new Uint8Array([1]),
  });
  if (failures.length > 0) throw new Error(JSON.stringify(failures));
  return aws.create({ ...subject, ...WAITING, inputs, preview: false });
}

/** A database with its master's secret and that of an application's user. */
export interface TestDatabase {
  readonly host: string;
  readonly masterArn: string;
  readonly appArn: string;
  /** The URL of what the application's secret holds now. */
  url(): string;
}

export async function database(world: World): Promise<TestDatabase> {
  const password = "of-a-length";
  const made = await make(world, INSTANCE, "db", {
    identifier: "app-test",
    instanceClass: "db.t4g.micro",
    engine: "postgres",
    username: "steward",
    password,
    skipFinalSnapshot: true,
  });
  const host = text(made.properties, "address");
  const secret = async (name: string, value: object): Promise<string> => {
    const { id } = await make(world, SECRET, name, { name: `app/${name}`, recoveryWindowInDays: 0 });
    await make(world, SECRET_VERSION, name, { secretId: id, secretString: JSON.stringify(value) });
    return id;
  };
  const masterArn = await secret("master", { username: "steward", password, host });
  const user = { username: "app", password: "first@secret", host, port: 5432, dbname: "app" };
  const appArn = await secret("user", { ...user, masterarn: masterArn });
  return {
    host,
    masterArn,
    appArn,
    url: () => {
      const value = currentVersion(world, appArn)!.properties.secretString as string;
      const now = JSON.parse(value) as { username: string; password: string };
      return `postgresql://${now.username}:${encodeURIComponent(now.password)}@${host}:5432/app`;
    },
  };
}

const ROLE = "aws:iam/role:Role";

/** The operator, a service account whose role may read the secrets, and a store. */
export async function store(cluster: TestCluster, arns: readonly string[]): Promise<void> {
  const { world } = cluster;
  world.put({ type: RELEASE, id: "kube-system/es", properties: { chart: "external-secrets" } });
  const role = await make(world, ROLE, "reader", { name: "reader", assumeRolePolicy: "{}" });
  await make(world, "aws:iam/rolePolicy:RolePolicy", "reader", {
    role: "reader",
    policy: JSON.stringify({
      Statement: [{ Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: arns }],
    }),
  });
  await cluster.create(SERVICE_ACCOUNT, "reader", {
    metadata: { annotations: { "eks.amazonaws.com/role-arn": text(role.properties, "arn") } },
  });
  const auth = { jwt: { serviceAccountRef: { name: "reader" } } };
  await cluster.create(SECRET_STORE, "aws", {
    metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
    spec: { provider: { aws: { service: "SecretsManager", region: "us-east-1", auth } } },
  });
}

const URL_TEMPLATE = "postgresql://{{ .username }}:{{ .password | urlquery }}@{{ .host }}:5432/app";

/** An ExternalSecret of a user's credentials, with the URL that pods sign in by. */
export const externalSecret = (key: string, more: object = {}) => ({
  metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } },
  spec: {
    refreshInterval: "10s",
    secretStoreRef: { name: "aws" },
    target: { name: "db-credentials", template: { data: { url: URL_TEMPLATE } } },
    dataFrom: [{ extract: { key } }],
    ...more,
  },
});

export { EXTERNAL_SECRET };
