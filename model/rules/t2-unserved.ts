import { servicesOf } from "../manifest";
import { isLiveRetreat, publicNames } from "../movement";
import type { Recorded } from "../release";
import type { Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { hasService, sharesOf } from "../serviceLists";
import { leastOf } from "../shares";
import { isRestored } from "../trust";
import { nameServices } from "./running";
import { giveTraffic, list } from "./wording";

/**
 * Services that the world reaches in the live colour and would reach nowhere, though the stack still calls them
 * public: a list of services that forgot one. A way back to a version that never had them is no such thing.
 */
export function unserved(transition: Transition): Violation[] {
  const { from, to, services } = transition;
  if (!from || to[to.live].version === undefined) return [];
  if (isLiveRetreat(transition) || isRestored(transition)) return [];
  const lost = publicNames(services).filter(
    (service) =>
      from.services[service]?.public &&
      hasService(from.release[from.release.live], service) &&
      !sharesOf(to, service),
  );
  return lost.length === 0 ? [] : [violation(transition, from, lost)];
}

function violation({ to, services }: Transition, from: Recorded, lost: readonly string[]): Violation {
  const { live } = to;
  const before = from.release.live;
  const has = servicesOf(to[live], services);
  const limit = "what the live colour serves to the world, the colour that is live after it serves too";
  const stays = [set(["release", "live"], before), giveTraffic(live, leastOf(from, live))].join(" && ");
  const give = nameServices(live, [...has, ...lost]);
  const remedy = live === before ? give : `${stays} && ${give}; pulumi up; then again`;
  const withdrawn = lost.map((service) => format(["services", service, "public"]));
  return {
    id: "T2",
    severity: "critical",
    where: format(["release", live, "services"]),
    found: `without ${list(lost)}`,
    limit,
    remedy,
    message:
      `${live} (version ${to[live].version ?? "none"}) would be live without ${list(lost)}, which the world uses. ` +
      `The limit: ${limit}. Give it what it lacks: ${remedy}. Or take ${list(lost)} from the world, in this same ` +
      `edit: write null as ${list(withdrawn)} in Pulumi.<stack>.yaml, by hand, for pulumi config set makes a text of it.`,
  };
}
