/** Environment in which the local cloud's process is told another account than the usual one. */
export const ACCOUNT_VARIABLE = "SLUICE_LOCAL_ACCOUNT";

/** The account of the local cloud. */
export const ACCOUNT = process.env[ACCOUNT_VARIABLE] || "123456789012";
