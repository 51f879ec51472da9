/**
 * What becomes of an objection. `standing`: only somebody's deed mends it. `failing`: what a rise needs is there and
 * is not well, which may mend itself. `coming`: it is on its way. `unseen`: nobody could look.
 *
 * An update waits for the two in the middle, refuses what is left, and refuses the others at once. A preview, for
 * which nothing would come, refuses what is standing or failing and warns of the rest.
 */
export const KINDS = ["standing", "failing", "coming", "unseen"] as const;
export type Kind = (typeof KINDS)[number];

/** Why a rise may not happen now. */
export interface Objection {
  readonly kind: Kind;
  /** What was found, what is needed, and what mends it. */
  readonly why: string;
  /** What is waited for and how far it has come; of those that are waited for. */
  readonly progress?: string;
}

/**
 * How long an update waits for what is on its way, in seconds: an autoscaler looks every 15 s, and a pod takes a minute
 * or two until the load balancer finds it healthy.
 */
export const PATIENCE_SECONDS = 180;

/** Whether the rise may become possible by itself: everything that speaks against it may. */
export const isWorthWaiting = (objections: readonly Objection[]): boolean =>
  objections.length > 0 && objections.every(({ kind }) => kind === "failing" || kind === "coming");

/** What a preview refuses, too: the rest is for the update to judge. */
export const isDefinite = ({ kind }: Objection): boolean => kind === "standing" || kind === "failing";

/** What a guard looks at. */
export type Sight = "healthy targets" | "the rule" | "metrics" | "the fence";

/** What could not be seen, and why. */
export interface Unseen {
  readonly what: Sight;
  readonly why: string;
}

/** What an update says: everything that speaks against the rise, and why that which was not seen does. */
export const refusals = (objections: readonly Objection[]): string[] => [
  ...objections.map(({ why }) => why),
  ...(objections.some(({ kind }) => kind === "unseen") ? ["a rise that cannot be judged is refused"] : []),
];
