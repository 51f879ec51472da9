import type { ZodType } from "zod";
import { SECRET_VARIABLES } from "../backends";
import {
  type Provider,
  type Providers,
  inVariables,
  knownProvider,
  providerSecret,
} from "../providers/providers";
import { type Fault, type Path, format, remove, set } from "./faults";
import { type Fields, flag, readFields, readRecord, text, whole } from "./fields";
import { label } from "./forms";

/** Longest name of a provider, in characters. */
const LONGEST = 40;

/** A name that Secrets Manager takes; six characters after a hyphen at its end would look like an ARN's own. */
const secret: ZodType<string> = text(
  /^(?!.*-[A-Za-z0-9]{6}$)[A-Za-z0-9/_+=.@-]+$/,
  "a secret's name in Secrets Manager such as voiceassist/prod/providers/groq, whose end is not a hyphen and six characters",
  512,
);

const variable: ZodType<string> = text(
  /^[A-Z][A-Z0-9_]*$/,
  "an environment variable in capitals such as GROQ_API_KEY",
  128,
);

/** What a template and two languages of patterns take alike: no quotes, no groups with a question mark, no `{{`. */
const keyPattern: ZodType<string> = text(
  /^\^(?!.*(\(\?|\{\{|\}\}|\\[^.+*?()[\]{}|^$\\-]))[A-Za-z0-9_.+*?()[\]{}|^$\\,:=/-]+\$$/,
  'a plain regular expression of the whole key, from ^ to $, such as "^gsk_[A-Za-z0-9]{52}$"',
  200,
).refine(isPattern, { error: "a regular expression that can be read" });

function isPattern(value: string): boolean {
  try {
    return new RegExp(value).source !== "";
  } catch {
    return false;
  }
}

const EXAMPLE = "^[A-Za-z0-9_-]{20,200}$";

/** Variables that a pod has otherwise; those of services and of the colour are among `PLAIN`. */
const TAKEN: readonly string[] = [
  ...["APP", "SERVICE", "COLOUR", "VERSION", "PORT", "CACHE_PREFIX"],
  ...SECRET_VARIABLES.map((one) => one.variable),
];

interface Stack {
  readonly app: string;
  readonly environment: string;
}

/** Reads `sluice:providers`: by name, with what is known of some. Without it there are none. */
export function readProviders(raw: unknown, stack: Stack, faults: Fault[]): Providers {
  if (raw === undefined) return {};
  const record = readRecord(raw, ["providers"], "providers by name", faults) ?? {};
  const read = Object.entries(record).flatMap(([name, value]): [string, Provider][] =>
    isNamed(name, value, faults) ? [[name, readProvider(name, value, stack, faults)]] : [],
  );
  faults.push(...sharedVariables(read));
  return Object.fromEntries(read);
}

/** Whether a name is one; else that is its fault, and nothing is said of what depends on it. */
function isNamed(name: string, value: unknown, faults: Fault[]): boolean {
  const result = label(LONGEST).safeParse(name);
  if (result.success) return true;
  faults.push({
    path: format(["providers", name]),
    found: value,
    allowed: `as a provider's name ${result.error.issues[0]?.message ?? "a label"}`,
    remedy: remove(["providers", name]),
  });
  return false;
}

function readProvider(name: string, raw: unknown, { app, environment }: Stack, faults: Fault[]): Provider {
  const known = knownProvider(name);
  const fields: Fields<Provider> = {
    variable: { schema: variable, example: known?.variable ?? `${inVariables(name)}_API_KEY` },
    secret: { schema: secret, example: providerSecret(app, environment, name) },
    keyPattern: { schema: keyPattern, example: known?.keyPattern ?? EXAMPLE, required: known === undefined },
    requestsPerMinute: { schema: whole(1, 10_000_000), example: 60, required: true },
    clearCaches: { schema: flag, example: "false" },
  };
  const read = readFields(raw, ["providers", name], fields, faults);
  return {
    variable: `${inVariables(name)}_API_KEY`,
    secret: providerSecret(app, environment, name),
    keyPattern: EXAMPLE,
    requestsPerMinute: 1,
    clearCaches: false,
    ...known,
    ...read,
  };
}

/** Each key has a variable of its own, which nothing else in a pod is called by. */
const sharedVariables = (providers: readonly (readonly [name: string, Provider])[]): Fault[] =>
  providers.flatMap(([name, provider], index) => {
    const others = providers.slice(0, index).map(([, one]) => one.variable);
    if (![...TAKEN, ...others].includes(provider.variable)) return [];
    const path: Path = ["providers", name, "variable"];
    const own = `${inVariables(name)}_API_KEY`;
    return [
      {
        path: format(path),
        found: provider.variable,
        allowed: "a variable that nothing else in a pod has",
        remedy: [...TAKEN, ...others].includes(own) ? remove(["providers", name]) : set(path, own),
      },
    ];
  });
