"use strict";
// Pulumi runs TypeScript packs through ts-node, which type-checks for seconds at every start.
require("../fast.cjs");
require("./pack");
