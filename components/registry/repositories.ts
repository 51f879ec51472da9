import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { Key } from "../key";
import { repositoryNames } from "./names";

export interface RepositoriesArgs {
  app: string;
  environment: Environment;
  /** Image registry with its path, as in configuration. */
  registry: string;
  /** Names of the services' images under `registry`. */
  images: readonly string[];
}

/** Versions that can be gone back to, of each image; older ones go. */
const TAGGED = 100;

/** Days until an image goes that has no tag: a build that failed halfway, or a layer index that was replaced. */
const UNTAGGED_DAYS = 14;

/**
 * The ECR repositories of the services' images. The stacks of an account share them, so one stack owns them
 * (`sluice:repositories`): the one that lives longest. Outside dev they outlive it: a destroy is refused, and
 * what is no longer named is left where it is, for other stacks run what is in it.
 */
export class Repositories extends pulumi.ComponentResource {
  /** Repositories' URLs by image name. */
  readonly urls: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: RepositoriesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:registry:Repositories", name, {}, opts);
    const { app, environment } = args;
    const kept = environment === "dev" ? {} : { protect: true, retainOnDelete: true };
    // A key of their own: nodes pull through ECR's grant on it, also when the owner's other data are gone.
    const key = new Key(
      `${app}-registry`,
      { description: `Images of ${app}`, alias: `${app}-registry`, environment },
      { parent: this },
    );
    this.urls = Object.fromEntries(
      repositoryNames(args.registry, args.images).map(({ image, repository }) => [
        image,
        repositoryOf(repository, key, environment, { parent: this, ...kept }),
      ]),
    );
    this.registerOutputs({ urls: this.urls });
  }
}

function repositoryOf(
  name: string,
  key: Key,
  environment: Environment,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const repository = new aws.ecr.Repository(
    name,
    {
      name,
      // A tag that was reviewed is the image that runs, tomorrow and in the next environment too.
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
      forceDelete: environment === "dev",
    },
    opts,
  );
  new aws.ecr.LifecyclePolicy(name, { repository: repository.name, policy: lifecycle }, opts);
  return repository.repositoryUrl;
}

/** Untagged images are looked at first: a rule for any image would count them as versions. */
const lifecycle = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: `Untagged images go after ${UNTAGGED_DAYS} days`,
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: UNTAGGED_DAYS,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: `The newest ${TAGGED} versions stay`,
      selection: {
        tagStatus: "tagged",
        tagPatternList: ["*"],
        countType: "imageCountMoreThan",
        countNumber: TAGGED,
      },
      action: { type: "expire" },
    },
  ],
});
