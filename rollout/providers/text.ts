import { dollars } from "../../model/providers/costs";
import type { TaskChange } from "../../model/providers/migration";
import type { ProviderView } from "../../model/providers/view";
import { duration } from "../times";

/** A provider migration on lines of a terminal, by what each is about. */
export function providerText(view: ProviderView): [name: string, value: string][] {
  const { changes, candidate, costs, fallbacks, windowSeconds } = view;
  return [
    ["providers", `${candidate}: ${changes.map(changeText).join(", ")}`],
    ["fallbacks", fallbackText(fallbacks, windowSeconds)],
    ["cost", costText(costs, candidate)],
    ...view.findings
      .filter(({ verdict }) => verdict !== "success")
      .map(({ criterion, evidence }): [string, string] => ["", `${criterion}: ${evidence}`]),
  ];
}

/** `PRIMARY_PROVIDER groq → openai, then groq`. */
const changeText = ({ variable, from, to, fallbacks }: TaskChange): string => {
  const chain = (primary: string | undefined, others: readonly string[] = []) =>
    [primary ?? "nobody", ...others].join(", then ");
  return `${variable} ${chain(from, fallbacks?.from)} → ${chain(to, fallbacks?.to)}`;
};

function fallbackText(fallbacks: ProviderView["fallbacks"], seconds: number): string {
  if ("unseen" in fallbacks) return `not seen: ${fallbacks.unseen}`;
  const all = fallbacks.value.map(({ from, to, count }) => `${from} → ${to} ${count}`);
  return `${all.join(", ") || "none"}, in ${duration(seconds)}`;
}

function costText({ candidate, live, today, baseline }: ProviderView["costs"], colour: string): string {
  const told = [
    ...(candidate === undefined ? [] : [`${dollars(candidate)} for 1000 requests of ${colour}`]),
    ...(live === undefined ? [] : [`${dollars(live)} of the live colour`]),
    ...(today === undefined ? [] : [`${dollars(today)} in the last day`]),
    ...(baseline === undefined ? [] : [`${dollars(baseline)} a day in the week before`]),
  ];
  return told.join(", ") || "not known";
}
