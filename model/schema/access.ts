import { z } from "zod";
import type { Access, Runners } from "../access";
import type { Fault } from "./faults";
import { type Fields, readFields } from "./fields";
import { connectionArn, gitHubId, repositoryUrl, roles } from "./forms";

/** More roles than a team has; EKS permits a thousand entries. */
const MOST_ROLES = 20;

/** A pattern of CodeBuild has 1024 characters, and an id sixteen at most. */
const MOST_ACTORS = 50;

const ACCESS: Fields<Access> = {
  admins: { schema: roles(MOST_ROLES), first: "arn:aws:iam::123456789012:role/team" },
  deployers: { schema: roles(MOST_ROLES), first: "arn:aws:iam::123456789012:role/deploy" },
};

const RUNNERS: Fields<Runners> = {
  repository: { required: true, schema: repositoryUrl, example: "https://github.com/owner/name" },
  connectionArn: { required: true, schema: connectionArn },
  actors: {
    schema: z
      .array(gitHubId, { error: "a list of numeric ids" })
      .nonempty({ error: "one id at least, or no such key" })
      .max(MOST_ACTORS, { error: `${MOST_ACTORS} ids at most` }),
    first: "1296269",
  },
};

/** Reads `sluice:access`; without it the cluster's creator alone has access. */
export function readAccess(raw: unknown, faults: Fault[]): Access {
  const read = raw === undefined ? {} : readFields<Access>(raw, ["access"], ACCESS, faults);
  return { admins: [], deployers: [], ...read };
}

/** Reads `sluice:runners`; undefined where there are none. */
export function readRunners(raw: unknown, faults: Fault[]): Runners | undefined {
  // Whole where there is no fault, and with one there are no settings.
  return raw === undefined ? undefined : (readFields(raw, ["runners"], RUNNERS, faults) as Runners);
}
