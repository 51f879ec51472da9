import type { Recipe } from "../recipe";
import { byArn, byName, satellite, uuid } from "./common";

/** Image registries, and builds that push to them. */
export const BUILDS: Readonly<Record<string, Recipe>> = {
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
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": byName("ECR", "PullThroughCacheRule", {
    property: "ecrRepositoryPrefix",
    code: "PullThroughCacheRuleAlreadyExistsException",
    outputs: (m) => ({ registryId: m.scope.account }),
  }),
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {
    ...satellite(
      "ECR",
      [
        "PutRegistryScanningConfiguration",
        "PutRegistryScanningConfiguration",
        "PutRegistryScanningConfiguration",
      ],
      (m) => m.scope.account,
    ),
    make: (m) => ({ id: m.scope.account, outputs: { registryId: m.scope.account } }),
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    ...byName("ECR", "RepositoryPolicy", {
      property: "repository",
      outputs: (m) => ({ registryId: m.scope.account }),
    }),
    operations: ["SetRepositoryPolicy", "SetRepositoryPolicy", "DeleteRepositoryPolicy"],
  },
  "aws:codebuild/project:Project": byArn(
    "CodeBuild",
    "Project",
    (m) => m.arn("codebuild", `project/${m.text("name")}`),
    {
      code: "ResourceAlreadyExistsException",
      outputs: (m) => ({ encryptionKey: m.arn("kms", "alias/aws/s3") }),
    },
  ),
  "aws:codebuild/webhook:Webhook": {
    ...byName("CodeBuild", "Webhook", {
      property: "projectName",
      code: "ResourceAlreadyExistsException",
      outputs: (m) => ({
        payloadUrl: `https://codebuild.${m.scope.region}.amazonaws.com/webhooks`,
        url: `https://api.github.com/repos/webhooks/${uuid()}`,
      }),
    }),
  },
  "aws:codeconnections/connection:Connection": byArn(
    "CodeConnections",
    "Connection",
    (m) => m.arn("codeconnections", `connection/${uuid()}`),
    // A person completes it in the console, once.
    { outputs: (m) => ({ connectionStatus: "PENDING", ownerAccountId: m.scope.account }) },
  ),
};
