import { publicNames } from "./movement";
import { COLOURS, type Recorded } from "./release";
import type { Transition } from "./rule";
import { bakeAsked } from "./rules/t9-baked";
import { list } from "./rules/wording";
import { format } from "./schema/faults";
import { sharesOf } from "./serviceLists";
import { isInPlace, isRestored } from "./trust";
import { usedOverrides, verdict } from "./verdict";

/** What somebody should know of a permitted transition before it happens, in sentences; empty where nothing. */
export const notice = (transition: Transition): string[] => {
  const { from } = transition;
  return [
    ...answered(transition),
    ...unknownBake(transition),
    ...(from ? restored(transition, from) : []),
    ...sole(transition),
    ...(from ? gone(transition, from) : []),
    ...(from ? keysLeft(transition, from) : []),
  ];
};

/** What somebody answers for, and what no rule refuses only because of that. */
function answered(transition: Transition): string[] {
  const used = usedOverrides(transition);
  if (used.length === 0) return [];
  const { overridden } = verdict(transition);
  return used.map((override) => {
    const { rule, by, reason, expires } = override;
    const lifted = overridden
      .filter((one) => one.override === override)
      .map(({ violation: { where, found, limit } }) => `${where}: ${found} (the limit: ${limit})`);
    return (
      `${by} answers for what ${rule} refuses ("${reason}", until ${expires}): ${list(lifted)}. ` +
      `The override is void after this update.`
    );
  });
}

/** What T9 would ask of the environment before this one, if anybody could say what has baked there. */
const unknownBake = (transition: Transition): string[] =>
  transition.baked === "unknown"
    ? bakeAsked(transition).map(
        (colour) =>
          `Nobody can say whether version ${transition.to[colour].version ?? "none"} on ${colour} has baked in the ` +
          `environment before this one, so T9 does not judge it. Look there before you go on.`,
      )
    : [];

/** Under the rolling strategy the way back is as long as the way there. */
function restored(transition: Transition, from: Recorded): string[] {
  const { to } = transition;
  const { live } = to;
  const before = from.release[live];
  if (!isInPlace(transition, live) || !isRestored(transition)) return [];
  return [
    `${live} goes back from version ${before.version ?? "none"} to ${to[live].version ?? "none"} in place. ` +
      `This is not immediate: pods are replaced one by one, and until the last one is, users are on ` +
      `${before.version ?? "none"} too. Under the canary and blue-green strategies traffic goes back at once.`,
  ];
}

/** Services whose traffic does not follow the shares, because one of the colours does not have them. */
const sole = ({ to, services }: Transition): string[] =>
  publicNames(services).flatMap((service) => {
    const colour = sharesOf(to, service)?.sole;
    if (!colour) return [];
    const other = COLOURS.find((name) => name !== colour);
    return [`All traffic of ${service} goes to ${colour}, because ${other ?? "the other"} does not have it.`];
  });

/** Services that the world reaches and will no more. */
const gone = ({ to, services }: Transition, from: Recorded): string[] =>
  publicNames(from.services)
    .filter((service) => sharesOf(from.release, service))
    .filter((service) => !services[service]?.public || !sharesOf(to, service))
    .map(
      (service) =>
        `${service} will be reached by nobody: ` +
        (services[service]?.public
          ? `no colour with traffic has it (sluice:release.<colour>.services).`
          : `it is public no more. A way back to what serves it needs ` +
            `${format(["services", service, "public"])} back as it was, in the same edit.`),
    );

/** A key that is no longer read is still valid until somebody ends it. */
const keysLeft = ({ providers = {} }: Transition, { providers: before = {} }: Recorded): string[] =>
  Object.entries(before)
    .filter(([name]) => providers[name] === undefined)
    .map(
      ([name, { secret }]) =>
        `Nothing here calls ${name} any more. Its key is in Secrets Manager still, and works: withdraw it at ` +
        `${name}, and then aws secretsmanager delete-secret --secret-id ${secret} --recovery-window-in-days 30.`,
    );
