import type { Manifest } from "../release";
import { inVariables } from "./providers";

/** A colour's settings: environment variables of its pods. */
export type Variables = NonNullable<Manifest["settings"]>;

/** One kind of work that a colour has done by providers. */
export interface Task {
  /** The variable that names its provider: `PRIMARY_PROVIDER`, `PRIMARY_STT_PROVIDER`. */
  readonly variable: string;
  readonly primary: string;
  /** Who takes over, in this order, where the one before fails. Empty: nobody. */
  readonly fallbacks: readonly string[];
}

const PRIMARY = /^PRIMARY_(?<kind>(?:[A-Z0-9]+_)*)PROVIDER$/;
const CHAIN = /^FALLBACK_(?<kind>(?:[A-Z0-9]+_)*)PROVIDERS$/;

/** Turns every fallback on or off. */
export const FALLBACK_SWITCH = "ENABLE_FALLBACK";

/** Names of variables that say of one provider whether it is called at all, and whether it takes over. */
export const switchesOf = (name: string) => ({
  enables: `ENABLE_${inVariables(name)}`,
  fallsBack: `${inVariables(name)}_FALLBACK`,
});

/** `STT_` of `PRIMARY_STT_PROVIDER`, nothing of `PRIMARY_PROVIDER`; undefined of any other variable. */
export const kindOfPrimary = (variable: string): string | undefined =>
  PRIMARY.exec(variable)?.groups?.["kind"];

/** Likewise of `FALLBACK_STT_PROVIDERS`. */
export const kindOfChain = (variable: string): string | undefined => CHAIN.exec(variable)?.groups?.["kind"];

/** The providers that a chain names, in its order. */
export const namesIn = (chain: string): string[] =>
  chain
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/**
 * What a colour has done by whom. A chain of its own (`FALLBACK_…PROVIDERS`) counts before the switches of providers;
 * `ENABLE_FALLBACK: false` turns all of it off, and `ENABLE_<NAME>: false` one provider.
 *
 * @param names declared providers
 */
export function tasksOf(settings: Variables = {}, names: readonly string[]): Task[] {
  const isOff = settings[FALLBACK_SWITCH] === "false";
  return Object.entries(settings).flatMap(([variable, primary]) => {
    const kind = kindOfPrimary(variable);
    if (kind === undefined) return [];
    const chain = settings[`FALLBACK_${kind}PROVIDERS`];
    const named = chain === undefined ? switched(settings, names) : namesIn(chain);
    const fallbacks = isOff ? [] : named.filter((name) => name !== primary && !isDisabled(settings, name));
    return [{ variable, primary, fallbacks: [...new Set(fallbacks)] }];
  });
}

const isDisabled = (settings: Variables, name: string): boolean =>
  settings[switchesOf(name).enables] === "false";

/** Those that switches name: by their own, or because they are enabled and fallback is. */
const switched = (settings: Variables, names: readonly string[]): string[] =>
  names.filter((name) => {
    const { enables, fallsBack } = switchesOf(name);
    const joins = settings[FALLBACK_SWITCH] === "true" && settings[enables] === "true";
    return joins || settings[fallsBack] === "true";
  });

/** Every provider that a colour may call, whose key its pods therefore have: sorted, each once. */
export const usedBy = ({ settings }: Pick<Manifest, "settings">, names: readonly string[]): string[] =>
  [...new Set(tasksOf(settings, names).flatMap(({ primary, fallbacks }) => [primary, ...fallbacks]))].sort();
