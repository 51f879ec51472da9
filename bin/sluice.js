#!/usr/bin/env node
"use strict";
require("../fast.cjs");
const { run } = require("../rollout/main.ts");

const terminal = {
  folder: process.cwd(),
  print: (text) => console.log(text),
  colours: process.stdout.isTTY === true && !process.env.NO_COLOR,
  ...(process.stdout.isTTY && { screen: process.stdout }),
  began: 0,
};
run(process.argv.slice(2), terminal, (text) => console.error(text)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
