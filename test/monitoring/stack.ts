import { BACKENDS } from "../../model/backends";
import type { Watched } from "../../model/monitoring/alerts";
import { defaultSlo } from "../../model/monitoring/objectives";
import { defaultServices } from "../../model/services";

/** VoiceAssist's prod, with every objective that there can be. */
export const PROD: Watched = {
  app: "voiceassist",
  environment: "prod",
  stack: "prod",
  slo: { ...defaultSlo(Object.keys(defaultServices("voiceassist", "prod"))), costPerThousand: 5 },
  backends: BACKENDS.prod,
  runbooks: "https://github.com/example/voiceassist/blob/main/docs/alerts.md",
};
