/**
 * Providers of models, which applications call with a key of ours. A colour says in its settings whom it calls, so a
 * change of provider is a release of a colour with other settings:
 *
 * ```yaml
 * sluice:providers: # without it no setting is looked at, and there is nothing of all this
 *   groq: { requestsPerMinute: 1000 }
 *   openrouter: { requestsPerMinute: 600, clearCaches: true }
 *   openai: { requestsPerMinute: 500 }
 * sluice:release:
 *   blue: { version: "2.3.1", settings: { PRIMARY_PROVIDER: groq } }
 *   green:
 *     version: "2.3.1"
 *     settings:
 *       PRIMARY_PROVIDER: openrouter # each PRIMARY_…PROVIDER names whom one kind of work goes to
 *       PRIMARY_STT_PROVIDER: openai
 *       ENABLE_FALLBACK: true # every provider with ENABLE_<NAME>: true takes over where another fails
 *       ENABLE_GROQ: true
 *       # or in this order, for one kind of work: FALLBACK_STT_PROVIDERS: groq,openrouter
 *       # or one for all kinds, whatever ENABLE_FALLBACK says not at all: MODAL_FALLBACK: true
 * ```
 *
 * `tasksOf` (tasks.ts) is what these settings mean. The key of each provider that a colour calls, and of no other, is
 * in its pods' environment (`GROQ_API_KEY`), from the Kubernetes Secret `provider-keys-<colour>`, which follows the
 * secret `<app>/<environment>/providers/<name>` in Secrets Manager: the key alone, as text. People put it there; nothing
 * here ever has it. Pods of a colour whose providers say `clearCaches` also get `CACHE_PREFIX` (`green:`).
 */
export interface Provider {
  /** Environment variable of the pods that has the key. */
  readonly variable: string;
  /** Name of the key's secret in Secrets Manager. */
  readonly secret: string;
  /** What a whole key looks like: a regular expression that both JavaScript and Go (RE2) read alike. */
  readonly keyPattern: string;
  /** What the account's quota is, in requests a minute. */
  readonly requestsPerMinute: number;
  /** Whether what a colour has cached goes when the colour is taken back while it calls this provider. */
  readonly clearCaches: boolean;
}

/** Providers by name, in the order in which they are declared. */
export type Providers = Readonly<Record<string, Provider>>;

/** What is known of a provider without being told. */
type Known = Pick<Provider, "variable" | "keyPattern">;

/**
 * The providers of guides 000 and 003. OpenAI's pattern leaves out OpenRouter's keys, which begin alike: the one in the
 * other's place is what happens. Modal's token has a second half, `MODAL_TOKEN_ID`, which is no secret and a setting.
 */
export const KNOWN: Readonly<Record<string, Known>> = {
  groq: { variable: "GROQ_API_KEY", keyPattern: "^gsk_[A-Za-z0-9]{32,64}$" },
  openai: {
    variable: "OPENAI_API_KEY",
    keyPattern: "^sk-([A-Za-z0-9]{32,64}|(proj|svcacct|admin)-[A-Za-z0-9_-]{20,250})$",
  },
  openrouter: { variable: "OPENROUTER_API_KEY", keyPattern: "^sk-or-v[0-9]+-[0-9a-f]{64}$" },
  speechmatics: { variable: "SPEECHMATICS_API_KEY", keyPattern: "^[A-Za-z0-9]{32}$" },
  modal: { variable: "MODAL_TOKEN_SECRET", keyPattern: "^as-[A-Za-z0-9]{20,64}$" },
};

/** What is known of a provider by its name; undefined of one of which nothing is. */
export const knownProvider = (name: string): Known | undefined =>
  Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;

/** `openrouter` → `OPENROUTER`, as it stands in the names of variables. */
export const inVariables = (name: string): string => name.toUpperCase().replaceAll("-", "_");

/** The secret of a provider that names none: `voiceassist/prod/providers/openrouter`. */
export const providerSecret = (app: string, environment: string, name: string): string =>
  `${app}/${environment}/providers/${name}`;

/** What a release must know of the providers that configuration declares, by name: what pods of a caller are told. */
export type Declared = Readonly<Record<string, Pick<Provider, "secret" | "variable" | "clearCaches">>>;

/** @returns undefined where none is declared */
export function declaredOf(providers: Providers): Declared | undefined {
  const entries = Object.entries(providers).map(
    ([name, { secret, variable, clearCaches }]) => [name, { secret, variable, clearCaches }] as const,
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
