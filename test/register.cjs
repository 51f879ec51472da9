"use strict";
// A failing test names its line; elsewhere that would cost more than it is worth.
process.setSourceMapsEnabled(true);
require("../register.cjs");

// A law that fails must fail again for whoever looks into it, and a build must not be red by chance. Another
// seed looks elsewhere: SEED=$RANDOM npm test -- model
// A mutant is caught by the first counterexample; to make it small takes most of the time.
const mutation = process.env.STRYKER_MUTATOR_WORKER !== undefined && { endOnFailure: true };
require("fast-check").configureGlobal({ seed: Number(process.env.SEED ?? 1), ...mutation });
