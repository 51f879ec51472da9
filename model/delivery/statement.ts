/** One statement of an IAM policy. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  /** Everything but these. */
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** The Allow of some actions. */
export const allow = (Action: readonly string[], Resource: readonly string[]): Statement => ({
  ...{ Effect: "Allow", Action, Resource },
});

/** The resources of a statement about all but some. */
export const allBut = (those: readonly string[]): Pick<Statement, "Resource" | "NotResource"> =>
  those.length === 0 ? { Resource: ["*"] } : { NotResource: those };
