import type { Environment } from "../environments";
import { branchOf } from "./affected";
import { DELIVERY_ROLES, environmentsOf } from "./subjects";

/** What is known of an environment of GitHub's. */
export interface Kept {
  readonly name: string;
  /** Whether somebody must approve each job. */
  readonly reviewed: boolean;
  /** Branches whose jobs may name it, as patterns; or every one, or whichever GitHub protects. */
  readonly branches: "every" | "protected" | readonly string[];
}

/** Environments that are not what a stack's workflows rest on. */
export interface Unkept {
  readonly missing: readonly string[];
  /** Those that jobs of every branch may name, so that any of them takes the role. */
  readonly open: readonly string[];
  /** Those that jobs of others than the one branch may name, or not of that one, each with what is allowed. */
  readonly strange: readonly { readonly name: string; readonly found: string; readonly allowed: string }[];
  readonly unreviewed: readonly string[];
  /** Sound as long as no other branch is protected. */
  readonly resting: readonly string[];
}

/** Behind the stack's name; somebody is asked before a job runs. The manager's has no role. */
const MANAGER = "-infrastructure-manager";
const REVIEWED = ["", MANAGER, "-infrastructure", "-security"];

/** Behind the stack's name: a schedule's jobs, which run on the default branch. */
const SCHEDULED = ["-tick", "-drift"];
const DEFAULT = "main";

/** The environments that a stack's jobs name. */
export const environmentNames = (stack: string): string[] => [
  ...DELIVERY_ROLES.flatMap((role) => environmentsOf(role, stack)),
  stack + MANAGER,
];

/**
 * What is wrong with the environments of a stack's jobs. In prod somebody approves its releases.
 *
 * @param environment that the stack is of
 */
export function unkept(found: readonly Kept[], stack: string, environment: Environment): Unkept {
  const named = (name: string) => found.find((one) => one.name === name);
  const all = environmentNames(stack);
  // A pull request's job has any branch, and its role only looks.
  const limited = all.filter((name) => !environmentsOf("preview", stack).includes(name));
  const by = (kind: Kept["branches"]) => limited.filter((name) => named(name)?.branches === kind);
  const reviewed = environment === "prod" ? REVIEWED.map((suffix) => stack + suffix) : [];
  return {
    missing: all.filter((name) => !named(name)),
    open: by("every"),
    strange: limited.flatMap((name) => {
      const branches = named(name)?.branches;
      const isScheduled = SCHEDULED.some((suffix) => name === stack + suffix);
      const allowed = isScheduled ? DEFAULT : branchOf(environment);
      if (typeof branches !== "object" || (branches.length === 1 && branches[0] === allowed)) return [];
      return [{ name, found: branches.join(", ") || "none", allowed }];
    }),
    unreviewed: reviewed.filter((name) => named(name)?.reviewed === false),
    resting: by("protected"),
  };
}
