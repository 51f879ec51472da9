/** An account's own registry in ECR, with an optional path. */
const ECR = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?:\/(?<path>.+))?$/;

/** An image and the repository in ECR that has it. */
export interface Repository {
  /** The image's name under the registry, as in configuration. */
  readonly image: string;
  /** The repository's name: the registry's path and the image's name. */
  readonly repository: string;
}

/**
 * The repositories of images, each once, in the order of their names.
 *
 * @param registry with its path, as in configuration
 * @throws Error when it is not an ECR registry, where a stack can own nothing
 */
export function repositoryNames(registry: string, images: readonly string[]): Repository[] {
  const found = ECR.exec(registry);
  if (!found) {
    throw new Error(
      `sluice:registry: found ${JSON.stringify(registry)}; a stack owns repositories of ECR only, ` +
        "<account>.dkr.ecr.<region>.amazonaws.com; set that, or remove sluice:repositories",
    );
  }
  const path = found.groups?.["path"];
  return [...new Set(images)]
    .sort()
    .map((image) => ({ image, repository: path === undefined ? image : `${path}/${image}` }));
}
