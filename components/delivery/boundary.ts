import * as pulumi from "@pulumi/pulumi";
import { BOUNDARY } from "../../model/delivery/deployRights";
import { DELIVERY_ROLES, roleName } from "../../model/delivery/subjects";

/** Whose roles are bound. */
export interface BoundaryArgs {
  readonly app: string;
  readonly environment: string;
}

/**
 * Binds each role that is registered from then on, those of remote components too, by what a deploying job may make at
 * most. CI's own roles are left as they are: a person makes them, and that of the job makes others.
 */
export function bindRoles(args: BoundaryArgs): void {
  pulumi.runtime.registerResourceTransform(withinBoundary(args));
}

/** The transform by which they are bound. */
export const withinBoundary = ({ app, environment }: BoundaryArgs): pulumi.ResourceTransform => {
  const own: readonly unknown[] = DELIVERY_ROLES.map((role) => roleName(app, environment, role));
  return ({ type, props, opts }) =>
    type === "aws:iam/role:Role" && !own.includes(props["name"])
      ? { props: { ...props, permissionsBoundary: BOUNDARY }, opts }
      : undefined;
};
