import type { Environment } from "../environments";
import { type Statement, allow } from "./statement";
import type { DeliverySettings } from "./subjects";

/** What a stack's roles are about. */
export interface RightsOf extends Pick<DeliverySettings, "stateBucket" | "stateKey"> {
  readonly app: string;
  readonly environment: Environment;
  /** Pulumi's names of project and stack, by which a bucket holds its state. */
  readonly project: string;
  readonly stack: string;
  /** ARN of the key of all that the stack keeps. Only the look at drift opens secrets with it. */
  readonly dataKey?: string | undefined;
}

/** What a role may do with the state of its stack, which only who `writes` changes. */
export const stateRights = (about: RightsOf, writes: boolean): Statement[] => {
  const { stateBucket } = about;
  const keys = keysOf(about);
  return [
    ...(stateBucket === undefined
      ? []
      : [
          // Names of objects, by which the engine finds out what there is.
          allow(["s3:ListBucket"], [`arn:aws:s3:::${stateBucket}`]),
          allow(["s3:GetObject"], readOf(about)),
          ...(writes ? [allow(["s3:PutObject", "s3:DeleteObject"], stateOf(about))] : []),
        ]),
    ...(keys.length === 0
      ? []
      : [allow(["kms:Decrypt", ...(writes ? ["kms:Encrypt", "kms:GenerateDataKey"] : [])], keys)]),
  ];
};

/** The key of the state's secrets, or none. */
export const keysOf = ({ stateKey }: RightsOf): string[] => (stateKey === undefined ? [] : [stateKey]);

/** Where a bucket holds a stack's state, history, backups and locks; what lies beside it is of other stacks. */
const stateOf = ({ stateBucket, project, stack }: RightsOf): string[] =>
  stateBucket === undefined
    ? []
    : [
        `stacks/${project}/${stack}.*`,
        ...["history", "backups", "locks/organization"].map((folder) => `${folder}/${project}/${stack}/*`),
      ].map((path) => `arn:aws:s3:::${stateBucket}/.pulumi/${path}`);

/** The state, with what tells the engine how the bucket is laid out. */
export const readOf = (about: RightsOf): string[] =>
  about.stateBucket === undefined
    ? []
    : [...stateOf(about), `arn:aws:s3:::${about.stateBucket}/.pulumi/meta.yaml`];
