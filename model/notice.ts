import { publicNames } from "./movement";
import { COLOURS, type Recorded } from "./release";
import type { Transition } from "./rule";
import { format } from "./schema/faults";
import { sharesOf } from "./serviceLists";
import { isInPlace, isRestored } from "./trust";

/** What somebody should know of a permitted transition before it happens, in sentences; empty where nothing. */
export const notice = (transition: Transition): string[] => {
  const { from } = transition;
  return [
    ...(from ? restored(transition, from) : []),
    ...sole(transition),
    ...(from ? gone(transition, from) : []),
  ];
};

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
