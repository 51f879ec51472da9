import { ENVIRONMENTS, type Environment } from "../environments";
import { LENGTHS } from "../names";
import type { Fault } from "./faults";
import { type Fields, flag, oneOf, readField } from "./fields";
import { certificateArn, domain, label, registry, sources, zoneId } from "./forms";

/** The keys that are one value each, or one list of values. */
export interface Scalars {
  app: string;
  environment: Environment;
  registry: string;
  repositories: boolean;
  domain: string;
  zoneId: string;
  certificateArn: string;
  previewSources: readonly string[];
  apiSources: readonly string[];
  bakedIn: Environment | "none";
}

/** A rule's conditions have five values in all; two name the service and one the colour. */
const MOST_PREVIEW_SOURCES = 2;

/** EKS: public access CIDR ranges of a cluster. */
const MOST_API_SOURCES = 40;

/** The load balancer's name begins with the app's, and AWS keeps `internal-` for itself. */
const RESERVED = /^internal(-|$)/;

/**
 * Another environment's name inside would make names of two apps equal: app `x-dev` in staging and app `x`
 * in dev with a service `staging-…`.
 */
const ENVIRONMENT_INSIDE = new RegExp(`-(${ENVIRONMENTS.join("|")})(-|$)`);

/** Where a version may have to bake before it comes to a stack. */
const EARLIER = [...ENVIRONMENTS, "none"] as const;

const FIELDS: Fields<Scalars> = {
  app: {
    required: true,
    example: "voiceassist",
    schema: label(LENGTHS.app).refine((app) => !RESERVED.test(app) && !ENVIRONMENT_INSIDE.test(app), {
      error: "a name that does not begin with internal and does not contain an environment's name",
    }),
  },
  environment: { required: true, example: "dev", words: ENVIRONMENTS, schema: oneOf(ENVIRONMENTS) },
  registry: { required: true, example: "123456789012.dkr.ecr.us-east-1.amazonaws.com", schema: registry },
  repositories: { schema: flag, example: "true" },
  domain: { example: "voiceassist.example.com", schema: domain },
  zoneId: { schema: zoneId },
  certificateArn: { schema: certificateArn },
  previewSources: { schema: sources(MOST_PREVIEW_SOURCES), first: "203.0.113.0/24" },
  apiSources: { schema: sources(MOST_API_SOURCES), first: "203.0.113.0/24" },
  bakedIn: { example: "staging", words: EARLIER, schema: oneOf(EARLIER) },
};

/** Reads them; what is absent or wrong is absent in the answer. */
export function readScalars(keys: Readonly<Record<string, unknown>>, faults: Fault[]): Partial<Scalars> {
  const read = (Object.keys(FIELDS) as (keyof Scalars)[]).map(
    (key) => [key, readField<unknown>(keys[key], [key], FIELDS[key], faults)] as const,
  );
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}
