/** Redis' own tools, for Jobs on the cache. Pinned by digest, because what runs here has the cache's token. */
export const REDIS_IMAGE =
  "public.ecr.aws/docker/library/redis:7.4.2@sha256:fbdbaea47b9ae4ecc2082ecdb4e1cea81e32176ffb1dcf643d422ad07427e5d9";

/** The user redis of that image, which is Debian's: a number, so that Kubernetes sees that it is not root. */
export const REDIS_USER = 999;
