"use strict";
// Pulumi runs packs through ts-node, which type-checks for seconds at every start; tsx only strips types.
require("tsx/cjs");
require("./pack");
