import assert from "node:assert/strict";
import * as fc from "fast-check";
import { databaseOwner, databaseUser } from "../../components/backends/databaseNames";
import { databaseUsersJob } from "../../components/backends/databaseUsers";
import { assertIncludes, record, settled } from "./mocks";

const JOB = "kubernetes:batch/v1:Job";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

interface Metadata {
  name: string;
  namespace: string;
  annotations?: Record<string, string>;
}

interface Container {
  image: string;
  command: string[];
  args?: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  securityContext: object;
  resources: { limits: object; requests: object };
}

interface PodSpec {
  restartPolicy: string;
  serviceAccountName: string;
  containers: [Container];
}

async function made(app = "shop-app", region = "us-east-1") {
  const mocks = record();
  databaseUsersJob({ app, region, namespace: app }, {});
  await settled();
  const [job, ...others] = mocks.names(JOB);
  assert.deepEqual(others, []);
  const inputs = mocks.find(JOB, job!) as {
    metadata: Metadata;
    spec: Record<string, unknown> & { template: { spec: PodSpec } };
  };
  const [scripts] = mocks.names(CONFIG_MAP);
  return {
    ...inputs,
    pod: inputs.spec.template.spec,
    container: inputs.spec.template.spec.containers[0],
    account: mocks.find("kubernetes:core/v1:ServiceAccount", "database-users") as {
      metadata: Metadata;
      automountServiceAccountToken: boolean;
    },
    scripts: mocks.find(CONFIG_MAP, scripts!) as {
      metadata: Metadata;
      immutable: boolean;
      data: Record<string, string>;
    },
  };
}

describe("databaseUsersJob", () => {
  it("has a name that follows all that it does, and is the same for the same", async () => {
    const { metadata, scripts } = await made();
    assert.match(metadata.name, /^database-users-[\da-f]{8}$/);
    assert.equal(scripts.metadata.name, metadata.name);
    assert.equal((await made()).metadata.name, metadata.name);
    assert.notEqual((await made("other")).metadata.name, metadata.name);
    assert.notEqual((await made("shop-app", "eu-west-1")).metadata.name, metadata.name);
  });

  it("fails for good within the time that the engine waits, and is run again by the next update", async () => {
    const { metadata, spec, pod } = await made();
    assertIncludes(spec, { backoffLimit: 3 });
    assert.ok((spec["activeDeadlineSeconds"] as number) < 600);
    // A Job that vanishes by itself is made again by every update.
    assert.equal(spec["ttlSecondsAfterFinished"], undefined);
    assert.equal(metadata.annotations?.["pulumi.com/replaceUnready"], "true");
    assert.equal(pod.restartPolicy, "Never");
  });

  it("runs as an account of its own, of which the cluster's API knows nothing", async () => {
    const { pod, account } = await made();
    assert.equal(pod.serviceAccountName, account.metadata.name);
    assert.deepEqual([account.metadata.name, account.metadata.namespace], ["database-users", "shop-app"]);
    assert.equal(account.automountServiceAccountToken, false);
  });

  it("passes the restricted Pod Security Standard, and has no token of the cluster's API", async () => {
    const { pod, container } = await made();
    assertIncludes(pod, {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    assertIncludes(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    assertIncludes(container.resources, { limits: { memory: "128Mi" }, requests: { memory: "128Mi" } });
  });

  it("runs an image that cannot change", async () => {
    assert.match((await made()).container.image, /^public\.ecr\.aws\/.+:\d+\.\d+-\w+@sha256:[\da-f]{64}$/);
  });

  it("has the passwords from Secrets alone, and never as an argument", async () => {
    const { container, scripts } = await made();
    const secret = (variable: string) => {
      const { value, valueFrom } = container.env.find(({ name }) => name === variable)!;
      assert.equal(value, undefined);
      const { name, key } = valueFrom!.secretKeyRef;
      return `${name} ${key}`;
    };
    assert.equal(secret("PGPASSWORD"), "db-master password");
    assert.equal(secret("APP_PASSWORD"), "db-credentials password");
    assert.doesNotMatch([...container.command, ...(container.args ?? [])].join(" "), /password/i);
    const script = scripts.data["databaseUsers.sh"]!;
    // Only a builtin of the shell and the environment of psql may name it.
    for (const line of script.split("\n").filter((one) => /\$\w*PASSWORD/.test(one)))
      assert.match(line, /^printf |^role=\$\(PGUSER=\S+ PGPASSWORD=\$APP_PASSWORD \\$/);
    assert.doesNotMatch(scripts.data["databaseUsers.sql"]!, /password\s+[:'%$]/i);
    assert.doesNotMatch(script, /set -[a-z]*x/);
  });

  it("believes only a server that RDS's authority has signed", async () => {
    const { container, scripts } = await made();
    const value = (variable: string) => container.env.find(({ name }) => name === variable)?.value;
    assert.equal(value("PGSSLMODE"), "verify-full");
    const file = value("PGSSLROOTCERT")!.split("/").at(-1)!;
    assert.match(scripts.data[file]!, /BEGIN CERTIFICATE/);
  });

  it("runs the script that it brings, in the services' namespace", async () => {
    const { metadata, container, scripts } = await made();
    assert.equal(metadata.namespace, "shop-app");
    assert.equal(scripts.immutable, true);
    const [shell, file] = container.command;
    assert.equal(shell, "sh");
    assert.ok(scripts.data[file!.split("/").at(-1)!]);
    assert.match(scripts.data["databaseUsers.sh"]!, /--file="\$here\/databaseUsers\.sql"/);
  });

  it("has the label by which network policies let it reach the database", async () => {
    const { spec } = await made();
    assertIncludes(spec, {
      template: { metadata: { labels: { "app.kubernetes.io/component": "database-users" } } },
    });
  });

  it("makes one owner and two users that take turns, named as the rotation names them", async () => {
    const { container } = await made();
    const value = (variable: string) => container.env.find(({ name }) => name === variable)?.value;
    assert.equal(value("OWNER"), databaseOwner("shop-app"));
    assert.equal(value("DATABASE_USER"), databaseUser("shop-app"));
    assert.equal(value("DATABASE_USER_CLONE"), `${databaseUser("shop-app")}_clone`);
  });
});

describe("the names in a database", () => {
  it("are ones that PostgreSQL and RDS take without quotes, and fit with the rotation's suffix", () => {
    const app = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}$/);
    fc.assert(
      fc.property(app, (name) => {
        for (const made of [databaseOwner(name), databaseUser(name)]) {
          assert.match(made, /^[a-z][a-z0-9_]*$/);
          assert.ok(`${made}_clone`.length <= 63);
        }
      }),
    );
  });
});
