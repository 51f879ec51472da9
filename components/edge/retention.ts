import type { Environment } from "../../model/environments";

/** How long logs of requests are kept, in days: long enough to look into what was noticed late. */
export const LOG_DAYS: Readonly<Record<Environment, number>> = { dev: 14, staging: 90, prod: 365 };
