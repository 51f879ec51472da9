/** Installs Fluent Bit 4.1. */
export const FLUENT_BIT_CHART = "0.54.0";
