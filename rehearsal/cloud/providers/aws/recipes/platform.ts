import type { Values } from "../../behaviour";
import { capitals, hex, textOf, type Making, type Recipe } from "../recipe";

const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join("-");

const exists = (property: string) => (v: Values) => `${textOf(v[property])} already exists`;

/** A resource whose id is one of its inputs, or its ARN. */
function byName(
  service: string,
  noun: string,
  {
    property = "name",
    code,
    outputs = () => ({}),
  }: { property?: string; code?: string; outputs?: (m: Making) => Values },
): Recipe {
  return {
    service,
    operations: [`Create${noun}`, `Update${noun}`, `Delete${noun}`],
    notFound: "ResourceNotFoundException",
    make: (m) => ({ id: m.text(property), outputs: outputs(m) }),
    ...(code !== undefined && { identity: { by: [property], code, message: exists(property) } }),
  };
}

function byArn(
  service: string,
  noun: string,
  arn: (m: Making) => string,
  more: { code?: string; outputs?: (m: Making) => Values } = {},
): Recipe {
  return {
    ...byName(service, noun, more),
    make: (m) => {
      const id = arn(m);
      return { id, outputs: { arn: id, ...more.outputs?.(m) } };
    },
  };
}

const bucketSatellite = (noun: string): Recipe => ({
  service: "S3",
  operations: [`PutBucket${noun}`, `PutBucket${noun}`, `DeleteBucket${noun}`],
  notFound: "NoSuchBucket",
  make: (m) => ({ id: m.text("bucket") }),
});

export const PLATFORM: Readonly<Record<string, Recipe>> = {
  "aws:ssm/parameter:Parameter": {
    ...byName("SSM", "Parameter", {
      code: "ParameterAlreadyExists",
      outputs: (m) => ({
        arn: m.arn("ssm", `parameter/${m.text("name").replace(/^\//, "")}`),
        version: 1,
        dataType: "text",
        tier: "Standard",
        hasValueWo: false,
        ...(m.inputs.insecureValue !== undefined && { value: m.inputs.insecureValue }),
      }),
    }),
    operations: ["PutParameter", "PutParameter", "DeleteParameter"],
    notFound: "ParameterNotFound",
    volatile: ["version"],
    changed: (_, before) => ({ version: Number(before.version ?? 0) + 1 }),
    identity: {
      by: ["name"],
      code: "ParameterAlreadyExists",
      message: () =>
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    },
  },
  "aws:secretsmanager/secret:Secret": byArn(
    "Secrets Manager",
    "Secret",
    (m) => m.arn("secretsmanager", `secret:${m.text("name")}-${capitals(6)}`),
    { code: "ResourceExistsException" },
  ),
  "aws:secretsmanager/secretVersion:SecretVersion": {
    ...byName("Secrets Manager", "SecretValue", {}),
    operations: ["PutSecretValue", "UpdateSecretVersionStage", "UpdateSecretVersionStage"],
    make: (m) => {
      const versionId = uuid();
      const outputs = { arn: m.text("secretId"), versionId, versionStages: ["AWSCURRENT"] };
      return { id: `${m.text("secretId")}|${versionId}`, outputs };
    },
  },
  "aws:kms/key:Key": {
    ...byName("KMS", "Key", {}),
    operations: ["CreateKey", "UpdateKeyDescription", "ScheduleKeyDeletion"],
    notFound: "NotFoundException",
    make: (m) => {
      const keyId = uuid();
      return { id: keyId, outputs: { keyId, arn: m.arn("kms", `key/${keyId}`), multiRegion: false } };
    },
  },
  "aws:kms/alias:Alias": byName("KMS", "Alias", {
    code: "AlreadyExistsException",
    outputs: (m) => {
      const key = m.text("targetKeyId");
      return {
        arn: m.arn("kms", m.text("name")),
        targetKeyArn: key.startsWith("arn:") ? key : m.arn("kms", `key/${key}`),
      };
    },
  }),
  "aws:ecr/repository:Repository": byName("ECR", "Repository", {
    code: "RepositoryAlreadyExistsException",
    outputs: (m) => ({
      arn: m.arn("ecr", `repository/${m.text("name")}`),
      registryId: m.scope.account,
      repositoryUrl: `${m.scope.account}.dkr.ecr.${m.scope.region}.amazonaws.com/${m.text("name")}`,
    }),
  }),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    ...byName("ECR", "LifecyclePolicy", {
      property: "repository",
      outputs: (m) => ({ registryId: m.scope.account }),
    }),
    operations: ["PutLifecyclePolicy", "PutLifecyclePolicy", "DeleteLifecyclePolicy"],
  },
  "aws:s3/bucket:Bucket": {
    ...byName("S3", "Bucket", {
      property: "bucket",
      code: "BucketAlreadyOwnedByYou",
      outputs: (m) => ({
        arn: `arn:${m.scope.partition}:s3:::${m.text("bucket")}`,
        bucketDomainName: `${m.text("bucket")}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${m.text("bucket")}.s3.${m.scope.region}.amazonaws.com`,
        bucketRegion: m.scope.region,
        hostedZoneId: "Z3AQBSTGFYJSTF",
        requestPayer: "BucketOwner",
      }),
    }),
    notFound: "NoSuchBucket",
  },
  "aws:s3/bucketPolicy:BucketPolicy": bucketSatellite("Policy"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSatellite("PublicAccessBlock"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    bucketSatellite("Encryption"),
  "aws:s3/bucketVersioning:BucketVersioning": bucketSatellite("Versioning"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    bucketSatellite("LifecycleConfiguration"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSatellite("OwnershipControls"),
  "aws:cloudwatch/logGroup:LogGroup": byName("CloudWatch Logs", "LogGroup", {
    code: "ResourceAlreadyExistsException",
    outputs: (m) => ({ arn: m.arn("logs", `log-group:${m.text("name")}`), logGroupClass: "STANDARD" }),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    ...byName("CloudWatch", "MetricAlarm", {
      outputs: (m) => ({ arn: m.arn("cloudwatch", `alarm:${m.text("name")}`) }),
    }),
    operations: ["PutMetricAlarm", "PutMetricAlarm", "DeleteAlarms"],
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    ...byName("CloudWatch", "Dashboard", { property: "dashboardName" }),
    operations: ["PutDashboard", "PutDashboard", "DeleteDashboards"],
    make: (m) => ({
      id: m.text("dashboardName"),
      outputs: {
        dashboardArn: `arn:${m.scope.partition}:cloudwatch::${m.scope.account}:dashboard/${m.text("dashboardName")}`,
      },
    }),
  },
  "aws:sns/topic:Topic": byArn("SNS", "Topic", (m) => m.arn("sns", m.text("name")), {
    outputs: (m) => ({ owner: m.scope.account }),
  }),
  "aws:sns/topicSubscription:TopicSubscription": {
    ...byArn("SNS", "Subscription", (m) => `${m.text("topic")}:${uuid()}`, {
      outputs: (m) => ({ ownerId: m.scope.account, confirmationWasAuthenticated: true }),
    }),
    operations: ["Subscribe", "SetSubscriptionAttributes", "Unsubscribe"],
  },
  "aws:lambda/function:Function": {
    ...byName("Lambda", "Function", {
      code: "ResourceConflictException",
      outputs: (m) => {
        const arn = m.arn("lambda", `function:${m.text("name")}`);
        const { region, partition } = m.scope;
        return {
          arn,
          invokeArn: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`,
          qualifiedArn: `${arn}:$LATEST`,
          version: "$LATEST",
          lastModified: new Date().toISOString(),
          architectures: ["x86_64"],
        };
      },
    }),
    operations: ["CreateFunction", "UpdateFunctionConfiguration", "DeleteFunction"],
    volatile: ["lastModified"],
    changed: () => ({ lastModified: new Date().toISOString() }),
  },
  "aws:lambda/permission:Permission": {
    ...byName("Lambda", "Permission", {}),
    operations: ["AddPermission", "AddPermission", "RemovePermission"],
    make: (m) => {
      const statementId = m.text("statementId") || `${m.logical}-${hex(7)}`;
      return { id: statementId, outputs: { statementId } };
    },
  },
};
