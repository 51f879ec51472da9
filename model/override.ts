/** Leave to do once what a rule refuses: somebody's decision, with a name and an end. */
export interface Override {
  /** The rule's id, for example `T1`. */
  readonly rule: string;
  /** Who answers for it. */
  readonly by: string;
  readonly reason: string;
  /** ISO time from which it counts no more; at most {@link LONGEST_OVERRIDE_DAYS} after the judgement. */
  readonly expires: string;
}

/** An override that lifted a violation of an update that succeeded. It lifts no other. */
export interface UsedOverride extends Override {
  /** ISO time of that update. */
  readonly at: string;
}

/** Leave that is given for longer is a change of the limit, which has a place of its own. */
export const LONGEST_OVERRIDE_DAYS = 7;
