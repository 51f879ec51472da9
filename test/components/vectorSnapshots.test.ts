import assert from "node:assert/strict";
import { VectorSnapshots } from "../../components/backends/vectorSnapshots";
import { BACKENDS } from "../../model/backends";
import type { Environment } from "../../model/environments";
import { KEY_ARN, key, registered, statements, surroundings } from "./backendsFixture";
import { assertIncludes } from "./mocks";

const BUCKET = "aws:s3/bucket:Bucket";
const JOB = "kubernetes:batch/v1:CronJob";
const NAME = "app-qdrant";

async function made(environment: Environment = "prod") {
  const found = await registered(
    (opts) =>
      new VectorSnapshots(
        "snapshots",
        {
          name: "app",
          environment,
          ...surroundings(),
          settings: BACKENDS[environment].vectorStore,
          key,
          namespace: "qdrant",
          home: "qdrant",
          store: "qdrant",
          header: { secret: "qdrant-credentials", key: "header" },
        },
        opts,
      ),
  );
  const job = found.mocks.find(JOB, "snapshots")["spec"] as Job;
  return { ...found, job, pod: job.jobTemplate.spec.template.spec };
}

interface Pod extends Record<string, unknown> {
  containers: [
    {
      image: string;
      command: string[];
      args?: string[];
      env: { name: string; value: string }[];
    } & Record<string, unknown>,
  ];
  volumes: Record<string, unknown>[];
}
interface Job extends Record<string, unknown> {
  jobTemplate: { spec: { template: { metadata: unknown; spec: Pod } } & Record<string, unknown> };
}

describe("VectorSnapshots", () => {
  it("visits every node, each by its own name", async () => {
    const { pod } = await made();
    const nodes = pod.containers[0].env.find(({ name }) => name === "NODES")?.value;
    assert.deepEqual(nodes?.split(" "), [
      "qdrant-0=http://qdrant-0.qdrant-headless:6333",
      "qdrant-1=http://qdrant-1.qdrant-headless:6333",
      "qdrant-2=http://qdrant-2.qdrant-headless:6333",
    ]);
  });

  it("runs once at a time, for a limited time, and keeps the last runs for people to look at", async () => {
    const { job } = await made();
    assertIncludes(job, {
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 2,
      timeZone: "Etc/UTC",
      jobTemplate: { spec: { activeDeadlineSeconds: 14400, backoffLimit: 1 } },
    });
  });

  it("has the key in a file: neither in its arguments nor in its environment", async () => {
    const { pod } = await made();
    const [container] = pod.containers;
    assert.deepEqual(container.command, ["/bin/sh", "/script/vectorSnapshots.sh"]);
    assert.equal(container.args, undefined);
    for (const one of container.env) assert.equal(typeof one.value, "string", "no secret is read into it");
    assertIncludes(pod.volumes[2], {
      name: "header",
      secret: { secretName: "qdrant-credentials", items: [{ key: "header", path: "header" }] },
    });
    assertIncludes(container["volumeMounts"], {
      2: { name: "header", mountPath: "/header", readOnly: true },
    });
    assert.equal(container.env.find(({ name }) => name === "HEADER_FILE")?.value, "/header/header");
  });

  it("meets the restricted Pod Security Standard, and runs an image of a named version", async () => {
    const { pod } = await made();
    assertIncludes(pod, {
      automountServiceAccountToken: false,
      restartPolicy: "Never",
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    });
    assertIncludes(pod.containers[0], {
      securityContext: {
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      },
    });
    assert.match(pod.containers[0].image, /^public\.ecr\.aws\/aws-cli\/aws-cli:\d+\.\d+\.\d+$/);
  });

  it("has room for the largest snapshot on a volume that goes with the pod, in prod as well", async () => {
    assertIncludes((await made()).pod.volumes[0], {
      name: "scratch",
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            storageClassName: "gp3-encrypted-scratch",
            resources: { requests: { storage: `${BACKENDS.prod.vectorStore.storageGb}Gi` } },
          },
        },
      },
    });
  });

  it("may put objects under its prefix, and nothing else", async () => {
    const { mocks } = await made();
    assert.deepEqual(statements(mocks.find("aws:iam/rolePolicy:RolePolicy", `${NAME}-snapshots`)["policy"]), [
      { Effect: "Allow", Action: "s3:PutObject", Resource: `arn:${NAME}/qdrant/*` },
      {
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: KEY_ARN,
        Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
      },
    ]);
    const [trust] = statements(mocks.find("aws:iam/role:Role", `${NAME}-snapshots`)["assumeRolePolicy"]);
    assert.equal(
      trust?.Condition?.["StringEquals"]?.["issuer:sub"],
      "system:serviceaccount:qdrant:qdrant-snapshots",
    );
    assertIncludes(mocks.find("kubernetes:core/v1:ServiceAccount", "snapshots"), {
      metadata: { annotations: { "eks.amazonaws.com/role-arn": `arn:${NAME}-snapshots` } },
    });
  });

  it("keeps snapshots under the stack's key, for the days that settings say", async () => {
    const { mocks } = await made("prod");
    const encryption =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    assertIncludes(mocks.find(encryption, NAME)["rules"], [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY_ARN } },
    ]);
    const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    assertIncludes(mocks.find(lifecycle, NAME)["rules"], [
      { expiration: { days: BACKENDS.prod.vectorStore.snapshotDays } },
    ]);
  });

  it("lets nobody else into the bucket", async () => {
    const { mocks } = await made();
    const policy = statements(mocks.find("aws:s3/bucketPolicy:BucketPolicy", NAME)["policy"]);
    assert.deepEqual(
      policy.map(({ Effect }) => Effect),
      ["Deny"],
    );
  });

  it("goes with its snapshots in dev, and stays in prod", async () => {
    const force: unknown[] = [];
    for (const environment of ["dev", "staging", "prod"] as const) {
      const { mocks, kept } = await made(environment);
      force.push([mocks.find(BUCKET, NAME)["forceDestroy"], kept()]);
    }
    assert.deepEqual(force, [
      [true, []],
      [false, []],
      [false, [`Bucket ${NAME}`]],
    ]);
  });
});
