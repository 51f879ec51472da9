/**
 * PostgreSQL's own tools, for Jobs: psql, which knows `\getenv` and hashes passwords itself, and pg_amcheck.
 * Pinned by digest, because what runs here is the administrator.
 */
export const POSTGRES_IMAGE =
  "public.ecr.aws/docker/library/postgres:16.15-bookworm@sha256:60f4761b9035e0b8d5218f701a8c3382f641bf12b1604822574cf5be3baeb537";

/** The user postgres of that image, which is Debian's: a number, so that Kubernetes sees that it is not root. */
export const POSTGRES_USER = 999;
