import { KNOWN, type Providers } from "../providers/providers";
import {
  FALLBACK_SWITCH,
  type Variables,
  kindOfChain,
  kindOfPrimary,
  namesIn,
  switchesOf,
  tasksOf,
} from "../providers/tasks";
import { COLOURS, type Colour } from "../release";
import { type Fault, type Path, format, nearest, remove, set, suggestion } from "./faults";
import type { PartialRelease } from "./release";

/** What a colour's settings say of providers, where any are declared: elsewhere these variables mean nothing here. */
export function providerFaults(release: PartialRelease, providers: Providers): Fault[] {
  const names = Object.keys(providers);
  if (names.length === 0) return [];
  return COLOURS.flatMap((colour) => {
    const settings = release[colour]?.settings;
    return settings ? settingFaults({ colour, settings, names, providers }) : [];
  });
}

interface Judged {
  readonly colour: Colour;
  readonly settings: Variables;
  /** Declared providers. */
  readonly names: readonly string[];
  readonly providers: Providers;
}

const settingFaults = (judged: Judged): Fault[] => [
  ...primaryFaults(judged),
  ...chainFaults(judged),
  ...switchFaults(judged),
  ...emptyFaults(judged),
  ...keyFaults(judged),
];

const at = ({ colour }: Judged, variable: string): Path => ["release", colour, "settings", variable];

function fault(judged: Judged, variable: string, allowed: string, value?: string): Fault {
  const path = at(judged, variable);
  const remedy = value === undefined ? remove(path) : set(path, value);
  return { path: format(path), found: judged.settings[variable], allowed, remedy };
}

function primaryFaults(judged: Judged): Fault[] {
  const { settings, names } = judged;
  return Object.entries(settings).flatMap(([variable, name]) => {
    if (kindOfPrimary(variable) === undefined) return [];
    if (!names.includes(name)) {
      const allowed = `a provider of sluice:providers (${names.join(", ")})${suggestion(name, names)}`;
      return [fault(judged, variable, allowed, nearest(name, names) ?? names[0])];
    }
    const { enables, fallsBack } = switchesOf(name);
    if (settings[enables] === "false") {
      return [fault(judged, enables, `true while ${variable} is ${name}`, "true")];
    }
    if (settings[fallsBack] === "true") {
      const allowed = `false while ${variable} is ${name}: a provider does not take over from itself`;
      return [fault(judged, fallsBack, allowed, "false")];
    }
    return [];
  });
}

/** A chain names other providers that are declared and not turned off, each once, for work that is done. */
function chainFaults(judged: Judged): Fault[] {
  const { settings, names } = judged;
  return Object.entries(settings).flatMap(([variable, chain]) => {
    const kind = kindOfChain(variable);
    if (kind === undefined) return [];
    const primary = settings[`PRIMARY_${kind}PROVIDER`];
    if (primary === undefined) {
      return [fault(judged, variable, `no fallbacks without PRIMARY_${kind}PROVIDER`)];
    }
    const named = namesIn(chain);
    const kept = [...new Set(named)].filter(
      (name) => name !== primary && names.includes(name) && settings[switchesOf(name).enables] !== "false",
    );
    if (kept.length > 0 && kept.length === named.length) return [];
    const others = names.filter((name) => name !== primary);
    const allowed = `declared providers with commas between them, each once and none turned off, without ${primary}: of ${others.join(", ") || "none"}`;
    return [fault(judged, variable, allowed, kept.length > 0 ? kept.join(",") : undefined)];
  });
}

/** Switches say true or false, and none turns on a provider whose key is nowhere. */
function switchFaults(judged: Judged): Fault[] {
  const { settings, names } = judged;
  const all = [...new Set([...names, ...Object.keys(KNOWN)])];
  const switches = all.flatMap((name) =>
    Object.values(switchesOf(name)).map((variable) => ({ variable, name })),
  );
  const words = [{ variable: FALLBACK_SWITCH, name: undefined }, ...switches].flatMap(
    ({ variable, name }) => {
      const value = settings[variable];
      if (value === undefined) return [];
      if (value !== "true" && value !== "false") return [fault(judged, variable, "true or false", "false")];
      if (value === "false" || name === undefined || names.includes(name)) return [];
      return [fault(judged, variable, `false, for sluice:providers has no ${name}`, "false")];
    },
  );
  return words;
}

/** Fallback that is turned on has somebody who takes over. */
function emptyFaults(judged: Judged): Fault[] {
  const { settings, names } = judged;
  if (settings[FALLBACK_SWITCH] !== "true") return [];
  const tasks = tasksOf(settings, names);
  const without = tasks.filter(({ fallbacks }) => fallbacks.length === 0).map(({ variable }) => variable);
  if (tasks.length > 0 && without.length === 0) return [];
  const what =
    tasks.length === 0 ? "no PRIMARY_PROVIDER is set" : `nobody takes over for ${without.join(", ")}`;
  return [fault(judged, FALLBACK_SWITCH, `false while ${what}`, "false")];
}

/** Keys come from Secrets Manager, and configuration is shown to everybody who reads a preview. */
const keyFaults = (judged: Judged): Fault[] =>
  Object.entries(judged.providers).flatMap(([name, { variable, secret }]) =>
    judged.settings[variable] === undefined
      ? []
      : [
          {
            ...fault(judged, variable, `no key here: ${name}'s is read from the secret ${secret}`),
            found: "(a value of type string)",
          },
        ],
  );
