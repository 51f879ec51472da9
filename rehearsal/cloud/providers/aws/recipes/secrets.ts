import { CloudError } from "../../../faults";
import { putVersion, versionsOf } from "../../../secrets/versions";
import { rotate, strategyOf } from "../../../secrets/rotation";
import { ROTATION, SECRET, SECRET_VERSION, STACK } from "../../../secrets/tokens";
import type { Held, World } from "../../../world";
import { capitals, mustExist, textOf, texts, type Making, type Recipe } from "../recipe";
import { byArn, byName, satellite, uuid } from "./common";

/** How the local cloud remembers a name whose secret waits for its deletion. */
const SCHEDULED = "local:secretsmanager/scheduled";

const NOT_FOUND = "Secrets Manager can't find the specified secret.";

const secretMustExist = (m: Making, arn: string): void =>
  mustExist(m.world.get(SECRET, arn), "ResourceNotFoundException", NOT_FOUND);

/** A name is free again only after the recovery window, which is none where it is 0 days. */
function removed({ id, properties }: Held, world: World): void {
  for (const version of versionsOf(world, id)) world.remove(SECRET_VERSION, version.id);
  if (properties.recoveryWindowInDays === 0) return;
  world.put({
    type: SCHEDULED,
    id: `${String(properties.region)} ${String(properties.name)}`,
    properties: {},
  });
}

const secret: Recipe = {
  ...byArn(
    "Secrets Manager",
    "Secret",
    (m) => m.arn("secretsmanager", `secret:${m.text("name")}-${capitals(6)}`),
    {
      code: "ResourceExistsException",
    },
  ),
  refuseWrite: (m, id) => {
    if (id !== undefined || !m.world.get(SCHEDULED, `${m.scope.region} ${m.text("name")}`)) return;
    throw new CloudError(
      "InvalidRequestException",
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  },
  removed,
};

const version: Recipe = {
  ...byName("Secrets Manager", "SecretValue", {}),
  operations: ["PutSecretValue", "UpdateSecretVersionStage", "UpdateSecretVersionStage"],
  make: (m) => {
    const versionId = uuid();
    const outputs = { arn: m.text("secretId"), versionId, versionStages: ["AWSCURRENT"] };
    return { id: `${m.text("secretId")}|${versionId}`, outputs };
  },
  refuseWrite: (m) => secretMustExist(m, m.text("secretId")),
  made: (held, world) => putVersion(world, held),
};

/** What the rotation functions of the Serverless Application Repository ask for. */
const CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"];

const application: Recipe = {
  service: "ServerlessApplicationRepository",
  operations: ["CreateCloudFormationChangeSet", "CreateCloudFormationChangeSet", "DeleteStack"],
  notFound: "ValidationError",
  make: (m) => {
    const name =
      textOf((m.inputs.parameters as Record<string, string> | undefined)?.functionName) || m.logical;
    return {
      id: m.arn("cloudformation", `stack/serverlessrepo-${m.text("name")}/${uuid()}`),
      outputs: {
        semanticVersion: "1.1.627",
        outputs: { RotationLambdaARN: m.arn("lambda", `function:${name}`) },
      },
    };
  },
  identity: {
    by: ["name"],
    code: "AlreadyExistsException",
    message: (v) => `Stack [serverlessrepo-${textOf(v.name)}] already exists`,
  },
  refuseWrite: (m) => {
    const given = texts(m.inputs.capabilities);
    const missing = CAPABILITIES.filter((capability) => !given.includes(capability));
    if (!/RotationS|RotationM/.test(m.text("applicationId")) || missing.length === 0) return;
    throw new CloudError(
      "InsufficientCapabilitiesException",
      `Requires capabilities : [${CAPABILITIES.join(", ")}]; missing: ${missing.join(", ")}`,
    );
  },
};

const rotation: Recipe = {
  ...satellite("Secrets Manager", ["RotateSecret", "RotateSecret", "CancelRotateSecret"], (m) =>
    m.text("secretId"),
  ),
  make: (m) => ({ id: m.text("secretId"), outputs: { rotationEnabled: true } }),
  refuseWrite: (m) => {
    secretMustExist(m, m.text("secretId"));
    if (versionsOf(m.world, m.text("secretId")).length > 0) return;
    throw new CloudError(
      "InvalidRequestException",
      "You can't rotate a secret that has no value; put one first.",
    );
  },
  made: (held, world) => {
    if (held.properties.rotateImmediately !== false) rotate(world, held.id, strategyOf(world, held.id));
  },
};

/** Secrets, their rotation, and keys. */
export const SECRETS: Readonly<Record<string, Recipe>> = {
  [SECRET]: secret,
  [SECRET_VERSION]: version,
  [ROTATION]: rotation,
  [STACK]: application,
  "aws:secretsmanager/secretPolicy:SecretPolicy": {
    ...satellite("Secrets Manager", ["PutResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"], (m) =>
      m.text("secretArn"),
    ),
    refuseWrite: (m) => secretMustExist(m, m.text("secretArn")),
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
  "aws:kms/keyPolicy:KeyPolicy": satellite(
    "KMS",
    ["PutKeyPolicy", "PutKeyPolicy", "PutKeyPolicy"],
    (m) => m.text("keyId"),
    "NotFoundException",
  ),
};
