import { providerSecret } from "../../model/providers/providers";
import { allTo } from "../../model/release";
import { EXIT } from "../../rollout/exit";
import { type Scenario, type ScriptStep, calling, unsafe } from "../script";
import { FAST, INTERVAL, type Stop, planned, shifted } from "./acts";

const STOPS: readonly Stop[] = [
  [10, "2m"],
  [50, "2m"],
  [100, "0s"],
];

/** Seconds of the release's time for which the plan is waited for at the most. */
const PATIENCE = "3600";

/** Keys as those providers give them, of which nobody has to know more than that. */
const KEYS: Readonly<Record<string, string>> = {
  groq: `gsk_${"a1B2".repeat(13)}`,
  openrouter: `sk-or-v1-${"0a".repeat(32)}`,
  modal: `as-${"a1B2".repeat(8)}`,
  speechmatics: "a1B2".repeat(8),
};

/** From which provider to which a colour goes, and by which of its settings. */
interface Migration {
  readonly from: string;
  readonly to: string;
  /** Names the provider: `PRIMARY_PROVIDER`. */
  readonly variable: string;
  /** What lets the old one take over where the new one fails. */
  readonly fallback: Readonly<Record<string, string>>;
}

const declared = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { requestsPerMinute: 100_000 }]));

/** From one provider to another: a colour with other settings, which can still ask the old one. */
const migrating = ({ from, to, variable, fallback }: Migration): Scenario => ({
  summary: `from ${from} to ${to}; it fails, and ${from} stands in`,
  about:
    `The candidate runs the same version and calls ${to}. When that fails it asks ${from}, so that users notice ` +
    `nothing and its pods count the fallback. What a request costs is held against ${from}'s. The plan has 10, 50 ` +
    `and 100 %, whatever the stack file says.`,
  speed: FAST,
  prometheus: true,
  steps: (cast) => {
    const { live, candidate, version, settings } = cast;
    const first = planned(cast, STOPS);
    const manifest = settings.release[live];
    const named = { ...cast, next: to };
    const puts = [from, to].map((name) => ({
      name: providerSecret(settings.app, settings.environment, name),
      value: KEYS[name] ?? "",
    }));
    const begun: ScriptStep = {
      ...first,
      puts,
      edit: { ...first.edit, [live]: { ...manifest, settings: { [variable]: from } } },
      configuration: { ...first.configuration, "sluice:providers": declared(from, to) },
    };
    return [
      begun,
      {
        name: `deploy ${version} in ${candidate}, which calls ${to}`,
        kind: "deploy",
        planned: true,
        edit: { [candidate]: { version, settings: { [variable]: to, ...fallback } } },
      },
      shifted(named, 10),
      unsafe(`${from}'s key away while it is called`, ["settings"], {}, { "sluice:providers": declared(to) }),
      {
        ...calling("hold", `${to} fails, and ${from} stands in`, { command: ["verify"], ends: EXIT.done }, [
          { kind: "provider-outage", provider: to },
        ]),
        fallsBack: { from: to, to: from },
      },
      calling("promote", `run the plan until ${to} is live`, {
        command: ["run", "--interval", INTERVAL, "--timeout", PATIENCE],
        ends: EXIT.done,
        decides: "promote",
        leaves: { live: candidate, traffic: allTo(candidate) },
      }),
    ];
  },
});

/** Texts: one model's provider for another's. */
export const providerMigration = migrating({
  ...{ from: "groq", to: "openrouter", variable: "PRIMARY_PROVIDER" },
  fallback: { ENABLE_FALLBACK: "true", ENABLE_GROQ: "true" },
});

/** Speech into text: the voice service alone calls these. */
export const speechMigration = migrating({
  ...{ from: "modal", to: "speechmatics", variable: "PRIMARY_STT_PROVIDER" },
  fallback: { MODAL_FALLBACK: "true" },
});
