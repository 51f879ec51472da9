import { COLOURS, STRATEGIES, type Strategy } from "../release";

/** What a release is called by who may start it, and by what it may break. */
export const RELEASE_KINDS = ["feature", "hotfix", "infrastructure", "security"] as const;
export type ReleaseKind = (typeof RELEASE_KINDS)[number];

/** What somebody chose in a workflow's form, as text: nothing of it is believed yet. */
export interface DispatchInputs {
  readonly stack: string;
  /** `blue-green`, `canary` or `rollback`. */
  readonly deployment_strategy: string;
  /** 0-100; empty: 10. */
  readonly canary_percentage: string;
  /** `true`: traffic goes back whatever else is chosen. */
  readonly force_rollback: string;
  /** Of a rollback: `blue`, `green`, or `live`, whose predecessor takes its place once it is fenced; empty: live. */
  readonly rollback_to: string;
  readonly reason: string;
  /** One of {@link RELEASE_KINDS}; empty: feature. */
  readonly kind: string;
}

/** What comes of it. */
export interface Dispatched {
  /** For `sluice`. */
  readonly arguments: readonly string[];
  /** The protected environments that somebody approves in, one after the other; of a rollback the one that it runs in. */
  readonly environments: readonly string[];
  /** The queue in which it waits; a rollback waits for nobody. */
  readonly queue: string;
}

/** What a stack's configuration says to it. */
export interface Dispatching {
  readonly strategy: Strategy;
  /** Whether it takes only what has baked elsewhere before, as prod does. */
  readonly takesBaked: boolean;
}

/** What is wrong with what somebody chose, and what is allowed. */
export class DispatchError extends Error {
  override readonly name = "DispatchError";
}

const CHOICES = ["blue-green", "canary", "rollback"] as const;

/** Seconds that a release in one job is waited for. What takes longer is ticked by the schedule. */
const PATIENCE = 3_000;

/**
 * What a choice in the form comes to. Where something has to bake elsewhere first, it goes on with what the stack's own
 * deploy job has brought, and brings nothing past it; a hotfix does.
 *
 * @param stacks the project's
 * @param configured tells about a stack what a rollback does not ask for: settings may be what is at fault
 * @throws DispatchError for a choice that there is not, or that the stack's configuration contradicts
 */
export function dispatchOf(
  inputs: DispatchInputs,
  stacks: readonly string[],
  configured: (stack: string) => Dispatching,
): Dispatched {
  const stack = oneOf("stack", inputs.stack, stacks);
  const kind = oneOf("kind", inputs.kind || "feature", RELEASE_KINDS);
  const choice = oneOf("deployment_strategy", inputs.deployment_strategy, CHOICES);
  const force = oneOf("force_rollback", inputs.force_rollback || "false", ["true", "false"]) === "true";
  const to = oneOf("rollback_to", inputs.rollback_to || "live", ["live", ...COLOURS]);
  const reason = inputs.reason.replaceAll(/\s+/g, " ").trim();
  if (force || choice === "rollback") {
    if (reason === "")
      throw new DispatchError(`reason: found nothing; a rollback has one, which the fence tells`);
    // Nobody is asked, and nothing waited for: traffic goes back first.
    return {
      arguments: [
        ...["rollback", "-s", stack, ...(to === "live" ? [] : ["--to", to])],
        ...[...(force ? ["--anyway"] : []), `--reason=${reason}`],
      ],
      environments: [environmentOf(stack, "rollback")],
      queue: `rollback-${stack}`,
    };
  }
  const { strategy, takesBaked } = configured(stack);
  if (strategy !== choice) throw new DispatchError(otherStrategy(stack, choice, strategy));
  const share = percentage(inputs.canary_percentage || "10");
  const moving =
    choice === "canary"
      ? ["shift", String(share), "-s", stack]
      : ["run", "-s", stack, "--timeout", String(PATIENCE)];
  return {
    arguments: [...moving, ...(takesBaked && kind !== "hotfix" ? ["--begun"] : [])],
    environments: approvalsOf(stack, kind),
    queue: queueOf(stack),
  };
}

/** One queue for all that changes a stack: jobs wait for each other, and none is ended. */
export const queueOf = (stack: string): string => `stack-${stack}`;

/**
 * Who approves: a feature the team's lead, a change of infrastructure a manager and then operations, a security update
 * the security team. A hotfix goes at once.
 */
export const approvalsOf = (stack: string, kind: ReleaseKind): string[] =>
  kind === "infrastructure"
    ? [environmentOf(stack, "infrastructure-manager"), environmentOf(stack, "infrastructure")]
    : kind === "feature"
      ? [stack]
      : [environmentOf(stack, kind)];

const environmentOf = (stack: string, what: string): string => `${stack}-${what}`;

function oneOf<Name extends string>(what: string, found: string, allowed: readonly Name[]): Name {
  const known = allowed.find((name) => name === found);
  if (known !== undefined) return known;
  throw new DispatchError(`${what}: found ${JSON.stringify(found)}; allowed are ${allowed.join(", ")}`);
}

function percentage(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 100) return Number(text);
  throw new DispatchError(
    `canary_percentage: found ${JSON.stringify(text)}; allowed: a whole number from 1 to 100`,
  );
}

const otherStrategy = (stack: string, choice: Strategy, configured: Strategy): string =>
  `deployment_strategy: found ${choice}, while ${stack} is configured for ${configured}; ` +
  `allowed is ${STRATEGIES.includes(configured) && configured !== "rolling" ? configured : "none but rollback"}. ` +
  `Another strategy is an edit of its own: pulumi config set -s ${stack} --path sluice:release.strategy ${choice}`;
