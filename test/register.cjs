"use strict";
// A failing test names its line; elsewhere that would cost more than it is worth.
process.setSourceMapsEnabled(true);
require("../register.cjs");
