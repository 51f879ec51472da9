import { capacityOf, floorOf } from "../../model/capacity";
import { stricter } from "../../model/limits";
import { fenceParameter, namespaceName, targetGroupName } from "../../model/names";
import type { Colour, Recorded, Shares } from "../../model/release";
import { sharesOf } from "../../model/serviceLists";
import type { Settings } from "../../model/settings";
import { type Transition, trustedColours } from "../../model/transition";
import { validationLogParameter } from "../../model/validationLog";
import { weightedRuleName } from "../service/weightedRule";
import type { Patience } from "./patience";
import type { TargetGroupNames } from "./weights";

/** What a guard must know of the rule that it stands before; all of it is known before anything is made. */
export interface Guarded {
  service: string;
  /** Of its pods, in the cluster. */
  namespace: string;
  targetGroups: TargetGroupNames;
  versions: Record<Colour, string | undefined>;
  /** The colours that may gain traffic with no question but the fence: going back is always possible. */
  trusted: readonly Colour[];
  /** Pods of a colour at full size. */
  replicas: number;
  /** The least number of pods of either colour, as the release asks for it. */
  floors: Record<Colour, number>;
  /** What the state has for the rule; a replacement is a creation, which is not told what was there before. */
  recorded?: Shares;
}

export interface GuardArgs {
  region: string;
  /** Name of the SSM parameter that fences a version off. */
  fence: string;
  /** Name of the SSM parameter that says what validation sent: those requests are no users'. */
  validations: string;
  /** By the rule's resource name. */
  rules: Record<string, Guarded>;
  /** Requests that a candidate with traffic must have answered before its share rises. 0: metrics are not asked. */
  samples: number;
  /** ISO time of the release's last change, from which on they count. Absent: nothing has been recorded. */
  since?: string;
  /** How long an update waits for what is on its way. Default: 3 minutes. */
  patience?: Patience;
  /** ISO time of the moment. Default: the machine's clock. */
  now?: () => string;
}

/** What the guard of a stack knows of the rules that it stands before. */
export function guardArgs(settings: Settings, transition: Transition, region: string): GuardArgs {
  const { app, environment, services } = settings;
  const { from, to, limits } = transition;
  const trusted = trustedColours(transition);
  const exposed = Object.entries(services).filter(([, { public: address }]) => address);
  const guarded = exposed.map(([service, settings]): [string, Guarded] => [
    weightedRuleName(service),
    {
      service,
      namespace: namespaceName(app),
      targetGroups: {
        blue: targetGroupName(app, environment, service, "blue"),
        green: targetGroupName(app, environment, service, "green"),
      },
      versions: { blue: to.blue.version, green: to.green.version },
      trusted,
      replicas: settings.replicas,
      floors: {
        blue: floorOf(settings, capacityOf(to, "blue")),
        green: floorOf(settings, capacityOf(to, "green")),
      },
      recorded: from && recordedShares(from, service),
    },
  ]);
  return {
    region,
    fence: fenceParameter(app, environment),
    validations: validationLogParameter(app, environment),
    rules: Object.fromEntries(guarded),
    samples: stricter(from?.limits, limits).samples,
    since: from?.since,
  };
}

/**
 * A rule's shares before the update: its own, or, where it has vanished since and somebody refreshed the state, those
 * that the release had for it. It may come back with them, and more is a rise from there. So it is where one colour has
 * a service to itself, whose rule the state does not count among those that share. A new service has none.
 */
const recordedShares = (from: Recorded, service: string): Shares | undefined =>
  from.rules[service] ??
  (from.services[service]?.public ? sharesOf(from.release, service)?.shares : undefined);
