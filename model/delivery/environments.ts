import { DELIVERY_ROLES, environmentsOf } from "./subjects";

/** What is known of an environment of GitHub's. */
export interface Kept {
  readonly name: string;
  /** Whether somebody must approve each job. */
  readonly reviewed: boolean;
  /** Whether jobs of some branches alone may name it. */
  readonly limited: boolean;
}

/** Environments that are not what a stack's workflows rest on. */
export interface Unkept {
  readonly missing: readonly string[];
  /** Those that jobs of every branch may name, so that any of them takes the role. */
  readonly open: readonly string[];
  readonly unreviewed: readonly string[];
}

/** Behind the stack's name; somebody is asked before a job runs. The manager's has no role. */
const MANAGER = "-infrastructure-manager";
const REVIEWED = ["", MANAGER, "-infrastructure", "-security"];

/**
 * What is wrong with the environments of a stack's jobs.
 *
 * @param approved whether somebody approves its releases, as in prod
 */
export function unkept(found: readonly Kept[], stack: string, approved: boolean): Unkept {
  const named = (name: string) => found.find((one) => one.name === name);
  const all = [...DELIVERY_ROLES.flatMap((role) => environmentsOf(role, stack)), stack + MANAGER];
  // A pull request's job has any branch, and its role only looks.
  const limited = all.filter((name) => !environmentsOf("preview", stack).includes(name));
  const reviewed = approved ? REVIEWED.map((suffix) => stack + suffix) : [];
  return {
    missing: all.filter((name) => !named(name)),
    open: limited.filter((name) => named(name)?.limited === false),
    unreviewed: reviewed.filter((name) => named(name)?.reviewed === false),
  };
}
