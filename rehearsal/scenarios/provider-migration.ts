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

/** Whom the old colour calls, and whom the new one does. */
const [OLD, NEW] = ["groq", "openrouter"];

/** Keys as those providers give them, of which nobody has to know more than that. */
const KEYS: Readonly<Record<string, string>> = {
  [OLD]: `gsk_${"a1B2".repeat(13)}`,
  [NEW]: `sk-or-v1-${"0a".repeat(32)}`,
};

const declared = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { requestsPerMinute: 100_000 }]));

/** From one provider of models to another: a colour with other settings, which can still ask the old one. */
export const providerMigration: Scenario = {
  summary: `from ${OLD} to ${NEW}; it fails, and ${OLD} stands in`,
  about:
    `The candidate runs the same version and calls ${NEW}. When that fails it asks ${OLD}, so that users notice ` +
    `nothing and its pods count the fallback. What a request costs is held against ${OLD}'s. The plan has 10, 50 and 100 %, whatever the stack file says.`,
  speed: FAST,
  prometheus: true,
  steps: (cast) => {
    const { live, candidate, version, settings } = cast;
    const first = planned(cast, STOPS);
    const manifest = settings.release[live];
    const named = { ...cast, next: NEW };
    const puts = [OLD, NEW].map((name) => ({
      name: providerSecret(settings.app, settings.environment, name),
      value: KEYS[name] ?? "",
    }));
    const begun: ScriptStep = {
      ...first,
      puts,
      edit: { ...first.edit, [live]: { ...manifest, settings: { PRIMARY_PROVIDER: OLD } } },
      configuration: { ...first.configuration, "sluice:providers": declared(OLD, NEW) },
    };
    return [
      begun,
      {
        name: `deploy ${version} in ${candidate}, which calls ${NEW}`,
        kind: "deploy",
        planned: true,
        edit: {
          [candidate]: {
            version,
            settings: {
              PRIMARY_PROVIDER: NEW,
              ENABLE_FALLBACK: "true",
              [`ENABLE_${OLD.toUpperCase()}`]: "true",
            },
          },
        },
      },
      shifted(named, 10),
      unsafe(`${OLD}'s key away while it is called`, ["settings"], {}, { "sluice:providers": declared(NEW) }),
      {
        ...calling("hold", `${NEW} fails, and ${OLD} stands in`, { command: ["verify"], ends: EXIT.done }, [
          { kind: "provider-outage", provider: NEW },
        ]),
        fallsBack: { from: NEW, to: OLD },
      },
      calling("promote", `run the plan until ${NEW} is live`, {
        command: ["run", "--interval", INTERVAL, "--timeout", PATIENCE],
        ends: EXIT.done,
        decides: "promote",
        leaves: { live: candidate, traffic: allTo(candidate) },
      }),
    ];
  },
};
