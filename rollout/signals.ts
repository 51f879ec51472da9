/** What a terminal sends, and what a machine sends that is to end. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
