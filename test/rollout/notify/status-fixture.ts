import type { Status } from "../../../model/status";

const BLUE = {
  role: "live",
  version: "2.3.1",
  configured: 90,
  recorded: 90,
  services: {},
  fenced: false,
} as const;
const GREEN = { ...BLUE, role: "candidate", version: "2.4.0", configured: 10, recorded: 10 } as const;

/** A canary that goes its way. */
export const RELEASE: Status = {
  strategy: "canary",
  colours: { blue: BLUE, green: GREEN },
  fence: null,
  next: { what: "shift green to 25 %", inSeconds: 60 },
};

/** The same once it is fenced, with a state that has taken its share back. */
export const FENCED: Status = {
  ...RELEASE,
  colours: { blue: BLUE, green: { ...GREEN, recorded: 0, fenced: true } },
  fence: { version: "2.4.0", reason: "loses calls", by: "ana", at: "2026-03-01T17:00:00.000Z" },
};
