import * as pulumi from "@pulumi/pulumi";
import { LoadBalancing } from "../../cloud/loadBalancing";
import { Parameters } from "../../cloud/parameters";
import { type Observation, type Rise, judgeRise, parseFence } from "../../model/guard";
import { fenceParameter, targetGroupName } from "../../model/names";
import { COLOURS, type Colour, type Shares } from "../../model/release";
import type { Settings } from "../../model/settings";
import { type Transition, trustedColours } from "../../model/transition";
import { weightedRuleName } from "../service/weightedRule";

/** What a guard must know of the rule that it stands before; all of it is known before anything is made. */
export interface Guarded {
  service: string;
  /** Name of each colour's target group: an ARN carries it, so colours are told apart without a lookup. */
  targetGroups: Record<Colour, string>;
  versions: Record<Colour, string | undefined>;
  /** The colours that may gain traffic without a question: going back is always possible. */
  trusted: readonly Colour[];
  /** Pods of a colour at full size. */
  replicas: number;
}

export interface GuardArgs {
  region: string;
  /** Name of the SSM parameter that fences a version off. */
  fence: string;
  /** By the rule's resource name. */
  rules: Record<string, Guarded>;
}

interface ForwardInputs {
  actions?: { forward?: { targetGroups?: { arn?: unknown; weight?: number }[] } }[];
}

/**
 * The last of the four layers: asks AWS at the moment of the change whether a share may rise.
 *
 * In a preview it warns where it cannot look. At an update it refuses a rise that it cannot judge, and
 * permits every fall. It is bound to creation as well, because a replacement runs create hooks.
 */
export function guard(args: GuardArgs): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    "sluice-guard",
    async (hook) => {
      const guarded = args.rules[hook.name];
      if (!guarded) return;
      const before = shares(hook.oldInputs, guarded.targetGroups);
      const after = shares(hook.newInputs, guarded.targetGroups);
      const rises = COLOURS.filter(
        (colour) => after[colour] > before[colour] && !guarded.trusted.includes(colour),
      );
      for (const colour of rises) {
        const rise: Rise = {
          service: guarded.service,
          colour,
          version: guarded.versions[colour] ?? "none",
          from: before[colour],
          to: after[colour],
          replicas: guarded.replicas,
        };
        await stand(rise, () => observe(args, guarded, colour, hook));
      }
    },
    { onDryRun: true },
  );
}

/** The guard of a stack's weighted rules, from its settings and the transition that is about to happen. */
export function releaseGuard(
  settings: Settings,
  transition: Transition,
  region: string,
): pulumi.ResourceHook {
  const { app, environment, services, release } = settings;
  const trusted = trustedColours(transition);
  const exposed = Object.entries(services).filter(([, { public: address }]) => address);
  const guarded = exposed.map(([service, { replicas }]): [string, Guarded] => [
    weightedRuleName(service),
    {
      service,
      targetGroups: {
        blue: targetGroupName(app, environment, service, "blue"),
        green: targetGroupName(app, environment, service, "green"),
      },
      versions: { blue: release.blue.version, green: release.green.version },
      trusted,
      replicas,
    },
  ]);
  return guard({ region, fence: fenceParameter(app, environment), rules: Object.fromEntries(guarded) });
}

/** Refuses the rise, or lets it pass; a preview that cannot look says so and goes on. */
async function stand(rise: Rise, look: () => Promise<Observation>): Promise<void> {
  const what = `${rise.service} ${rise.colour} ${rise.version}: ${rise.from} % → ${rise.to} %`;
  let refusals: string[];
  try {
    refusals = judgeRise(rise, await look());
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    if (pulumi.runtime.isDryRun()) {
      await pulumi.log.warn(
        `guard: ${what} could not be judged here (${reason}); the update will look again.`,
      );
      return;
    }
    refusals = [`the world could not be observed (${reason}); a rise that cannot be judged is refused`];
  }
  if (refusals.length > 0) throw new Error(`guard refuses ${what}: ${refusals.join("; ")}`);
}

async function observe(
  args: GuardArgs,
  guarded: Guarded,
  colour: Colour,
  hook: pulumi.ResourceHookArgs,
): Promise<Observation> {
  const loadBalancing = new LoadBalancing(args.region);
  const arn = groupsOf(hook.newInputs).find(
    (group) => nameIn(group.arn) === guarded.targetGroups[colour],
  )?.arn;
  if (typeof arn !== "string") throw new Error(`${guarded.service} ${colour} has no target group yet`);
  const [health, weights, fence] = await Promise.all([
    loadBalancing.health(arn),
    // A rule that is being created has no weights that somebody could have raised.
    hook.id && hook.oldInputs ? loadBalancing.weights(hook.id) : undefined,
    new Parameters(args.region).get(args.fence),
  ]);
  const total = Object.values(weights ?? {}).reduce((sum, weight) => sum + weight, 0);
  return {
    share: total > 0 ? (100 * (weights?.[arn] ?? 0)) / total : 0,
    healthy: health.healthy,
    ...(fence !== undefined && { fence: parseFence(fence) }),
  };
}

const groupsOf = (inputs: Record<string, unknown> | undefined) =>
  ((inputs ?? {}) as ForwardInputs).actions?.flatMap((action) => action.forward?.targetGroups ?? []) ?? [];

const nameIn = (arn: unknown): string | undefined =>
  typeof arn === "string" ? /:targetgroup\/([^/]+)\//.exec(arn)?.[1] : undefined;

/** Weights by colour as a rule's inputs have them; both 0 where there is no rule yet. */
function shares(inputs: Record<string, unknown> | undefined, names: Record<Colour, string>): Shares {
  const of = (colour: Colour) =>
    groupsOf(inputs).find((group) => nameIn(group.arn) === names[colour])?.weight ?? 0;
  return { blue: of("blue"), green: of("green") };
}
