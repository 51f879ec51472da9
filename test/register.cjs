"use strict";
// A failing test names its line; elsewhere that would cost more than it is worth.
process.setSourceMapsEnabled(true);
require("../register.cjs");

// A law that fails must fail again for whoever looks into it, and a build must not be red by chance. Another
// seed looks elsewhere: SEED=$RANDOM npm test -- model
require("fast-check").configureGlobal({ seed: Number(process.env.SEED ?? 1) });
