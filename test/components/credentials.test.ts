import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AUTHORITIES_KEY, Credentials } from "../../components/backends/credentials";
import { MASTER_SECRET } from "../../components/backends/databaseNames";
import { REFRESH_INTERVAL, SECRET_READER } from "../../components/backends/secretStore";
import { SECRETS, SECRETS_FOLDER, SECRET_VARIABLES } from "../../model/backends";
import { KEY_ARN, registered, statements, surroundings, waitedFor } from "./backendsFixture";
import { assertIncludes, known } from "./mocks";

const STORE = "kubernetes:external-secrets.io/v1:SecretStore";
const EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret";
const READY = { metadata: { annotations: { "pulumi.com/waitFor": "condition=Ready" } } };
const ARNS = ["arn:app", "arn:master", "arn:cache", "arn:vectors"] as const;
const [APP, MASTER, CACHE, VECTORS] = ARNS;

const made = (readers: readonly string[] = []) =>
  registered(
    (opts) =>
      new Credentials(
        "credentials",
        {
          app: "shop-app",
          ...surroundings(),
          namespace: "shop-app",
          keyArn: KEY_ARN,
          database: {
            appSecretArn: pulumi.output(APP),
            masterSecretArn: pulumi.output(MASTER),
            readerAddresses: readers.map((host) => pulumi.output(host)),
          },
          cache: { secretArn: pulumi.output(CACHE) },
          vectorStore: { secretArn: pulumi.output(VECTORS) },
        },
        opts,
      ),
  );

interface Spec {
  refreshInterval: string;
  target: { name: string; template: { data: Record<string, string> } };
  dataFrom: { extract: { key: string } }[];
}

const specOf = ({ mocks }: Awaited<ReturnType<typeof made>>, secret: string) =>
  mocks.find(EXTERNAL, secret)["spec"] as Spec;

describe("Credentials", () => {
  it("reads exactly the stack's secrets, with the key through Secrets Manager alone", async () => {
    const { mocks } = await made();
    assert.deepEqual(statements(mocks.find("aws:iam/rolePolicy:RolePolicy", "credentials")["policy"]), [
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: [...ARNS],
      },
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: KEY_ARN,
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } },
      },
    ]);
  });

  it("reads as one service account of the services' namespace, which the operator may act as", async () => {
    const { mocks } = await made();
    const [trust] = statements(mocks.find("aws:iam/role:Role", "credentials")["assumeRolePolicy"]);
    assert.equal(
      trust?.Condition?.["StringEquals"]?.["issuer:sub"],
      `system:serviceaccount:shop-app:${SECRET_READER}`,
    );
    assertIncludes(mocks.find("kubernetes:core/v1:ServiceAccount", "credentials"), {
      metadata: {
        name: SECRET_READER,
        namespace: "shop-app",
        annotations: { "eks.amazonaws.com/role-arn": "arn:credentials" },
      },
      automountServiceAccountToken: false,
    });
    assert.deepEqual(mocks.find("kubernetes:rbac.authorization.k8s.io/v1:Role", "credentials")["rules"], [
      {
        apiGroups: [""],
        resources: ["serviceaccounts/token"],
        resourceNames: [SECRET_READER],
        verbs: ["create"],
      },
    ]);
    assertIncludes(mocks.find("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "credentials"), {
      roleRef: { kind: "Role", name: SECRET_READER },
      subjects: [{ kind: "ServiceAccount", name: "external-secrets", namespace: "external-secrets" }],
    });
    assertIncludes(mocks.find(STORE, "credentials"), {
      ...READY,
      spec: {
        provider: {
          aws: {
            service: "SecretsManager",
            region: "us-east-1",
            auth: { jwt: { serviceAccountRef: { name: SECRET_READER } } },
          },
        },
      },
    });
  });

  it("comes after the operator, and so goes before it", async () => {
    const { options } = await made();
    assert.deepEqual(await waitedFor(options(STORE, "credentials")), [
      "kubernetes:helm.sh/v3:Release operator",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding credentials",
    ]);
    assert.deepEqual(await waitedFor(options(EXTERNAL, SECRETS.cache)), [`${STORE} credentials`]);
  });

  it("lets pods wait until every Secret is there, and not only asked for", async () => {
    const { mocks, component } = await made();
    const names = [SECRETS.database, MASTER_SECRET, SECRETS.cache, SECRETS.vectorStore];
    assert.deepEqual(mocks.names(EXTERNAL).sort(), [...names].sort());
    const urns = await Promise.all(component.ready.map(({ urn }) => known(urn)));
    assert.deepEqual(
      urns.map((urn) => urn.split("::").at(-1)),
      names,
    );
    for (const name of names) assertIncludes(mocks.find(EXTERNAL, name), READY);
  });

  it("fills each Secret from its own secret, and has every key that a pod's variables come from", async () => {
    const found = await made();
    const sources = { [SECRETS.database]: APP, [SECRETS.cache]: CACHE, [SECRETS.vectorStore]: VECTORS };
    for (const [secret, arn] of Object.entries(sources)) {
      const { target, dataFrom } = specOf(found, secret);
      assert.equal(target.name, secret);
      assert.deepEqual(dataFrom, [{ extract: { key: arn } }]);
    }
    for (const { secret, key } of SECRET_VARIABLES) {
      assert.ok(specOf(found, secret).target.template.data[key], `${secret} ${key}`);
    }
    const { target, dataFrom } = specOf(found, MASTER_SECRET);
    assert.deepEqual(dataFrom, [{ extract: { key: MASTER } }]);
    assert.deepEqual(Object.keys(target.template.data).sort(), [
      "dbname",
      "host",
      "password",
      "port",
      "username",
    ]);
  });

  it("follows a rotation within minutes, and keeps what worked last should the secret vanish", async () => {
    assert.match(REFRESH_INTERVAL, /^[1-5]m0s$/);
    const found = await made();
    for (const name of found.mocks.names(EXTERNAL)) {
      assertIncludes(specOf(found, name), {
        refreshPolicy: "Periodic",
        refreshInterval: REFRESH_INTERVAL,
        target: { creationPolicy: "Owner", deletionPolicy: "Retain", template: { engineVersion: "v2" } },
      });
    }
  });

  it("has the database verified by the certificates beside the address", async () => {
    const found = await made();
    const { data } = specOf(found, SECRETS.database).target.template;
    const url = data["url"]!;
    assert.match(url, /^postgresql:\/\/\{\{ \.username \| urlquery \}\}:\{\{ \.password \| urlquery \}\}@/);
    const { searchParams } = new URL(url.replaceAll(/\{\{[^}]*\}\}/g, "1"));
    assert.deepEqual(Object.fromEntries(searchParams), {
      sslmode: "verify-full",
      sslrootcert: `${SECRETS_FOLDER}/${SECRETS.database}/${AUTHORITIES_KEY}`,
    });
    assert.doesNotMatch(url, /%/, "Alembic's configuration would take it for its own");
    assert.match(data[AUTHORITIES_KEY]!, /^-----BEGIN CERTIFICATE-----/);
  });

  it("tells of the read replicas, and of the primary where there are none", async () => {
    const reader = async (...hosts: string[]) =>
      specOf(await made(hosts), SECRETS.database).target.template.data["reader-url"]!;
    assert.match(
      await reader(),
      /@\{\{ \.host \}\}:\{\{ \.port \}\}\/\{\{ \.dbname \}\}\?sslmode=verify-full/,
    );
    assert.match(
      await reader("one", "two"),
      /@one:5432,two:5432\/\{\{ \.dbname \}\}\?sslmode=verify-full.*&load_balance_hosts=random$/,
    );
  });

  it("holds no value of a secret itself, so that a rotation is no change of the program's", async () => {
    const { mocks, options } = await made();
    for (const name of mocks.names(EXTERNAL)) {
      const { data } = (mocks.find(EXTERNAL, name)["spec"] as Spec).target.template;
      for (const [key, value] of Object.entries(data)) {
        if (key !== AUTHORITIES_KEY) assert.match(value, /\{\{.*\}\}/, `${name} ${key}`);
      }
      assert.equal(options(EXTERNAL, name).ignoreChanges, undefined, "there is nothing to ignore");
    }
    assert.deepEqual(mocks.names("kubernetes:core/v1:Secret"), []);
  });
});
