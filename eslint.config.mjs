import pulumi from "@pulumi/eslint-plugin";
import boundaries from "eslint-plugin-boundaries";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** The house: who may import whom. What is not said here is refused; within one folder everything may. */
const mayImport = {
  model: [],
  cloud: ["model"],
  policies: ["model"],
  components: ["model", "cloud"],
  rollout: ["model", "cloud"],
  client: [],
  rehearsal: ["model", "cloud", "policies", "components", "rollout", "client"],
  bench: ["model"],
  test: ["model", "cloud", "policies", "components", "rollout", "client", "rehearsal", "bench"],
};
const folders = Object.keys(mayImport);

const inFolder = (type) => ({ element: { type } });
const isFile = (categories) => ({ file: { categories } });

const directionOfImports = {
  default: "disallow",
  // A file that belongs to no folder would otherwise be a way round.
  checkUnknownLocals: true,
  message:
    '{{from.file.path}} must not import "{{dependency.source}}". It exists nowhere, or outside the folders that mayImport in eslint.config.mjs allows here: move what both sides need to model/, or let the caller pass it in.',
  policies: [
    ...folders
      .filter((from) => mayImport[from].length > 0)
      .map((from) => ({ from: inFolder(from), allow: { to: mayImport[from].map(inFolder) } })),
    // Time is one for all that decide by it; only model/ is told it.
    { from: [isFile("program"), inFolder("policies")], allow: { to: isFile("clock") } },
    // The program is a file, not a folder, and so has policies of its own.
    { from: isFile("program"), allow: { to: ["model", "components"].map(inFolder) } },
    { from: ["rehearsal", "test"].map(inFolder), allow: { to: isFile("program") } },
    { from: ["rollout", "rehearsal", "test"].map(inFolder), allow: { to: isFile("manifest") } },
  ],
};

const readonly = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

/** What `model` may import from outside: parsing and hashing, which are pure. */
const pureModules = "^(?!\\.{1,2}/|zod$|semver$|node:crypto$)";

/** What tells the machine's time behind the clock's back, so that a rehearsal could not make it pass faster. */
const CLOCK =
  "Time is told by cloud/clock.ts: now() for releases, machineTime() beside other machines' clocks.";
const machineClock = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.name="Date"]',
  message: CLOCK,
};

/** Mistakes that no type check sees, in any language level. */
const everywhere = {
  eqeqeq: "error",
  "max-lines": ["error", 300],
  "no-cond-assign": "error",
  "no-constant-condition": ["error", { checkLoops: "allExceptWhileTrue" }],
  "no-debugger": "error",
  "no-duplicate-case": "error",
  "no-empty": "error",
  "no-fallthrough": "error",
  "no-irregular-whitespace": "error",
  "no-prototype-builtins": "error",
  "no-self-assign": "error",
  "no-self-compare": "error",
  "no-sparse-arrays": "error",
  "no-template-curly-in-string": "error",
  "no-unmodified-loop-condition": "error",
  "no-unsafe-finally": "error",
  "no-useless-escape": "error",
  "require-yield": "error",
  "use-isnan": "error",
  "valid-typeof": "error",
};

export default defineConfig(
  globalIgnores(["node_modules/", ".sluice/", "client/dist/"]),
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: everywhere,
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { boundaries, "@pulumi": pulumi },
    settings: {
      "boundaries/elements": folders.map((type) => ({ type, pattern: type, partialMatch: false })),
      "boundaries/files": [
        { category: "program", pattern: "index.ts" },
        { category: "manifest", pattern: "package.json" },
        { category: "clock", pattern: "cloud/clock.ts" },
      ],
      "boundaries/root-path": import.meta.dirname,
      "boundaries/dependency-nodes": ["import", "export", "dynamic-import", "require"],
      "boundaries/legacy-templates": false,
      "import/resolver": { node: { extensions: [".ts", ".js", ".json"] } },
    },
    rules: {
      "boundaries/dependencies": ["error", directionOfImports],
      "boundaries/no-unknown-files": "error",
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      // Annotations such as import("x").Y would go round the direction of imports.
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    // Decisions must give the same answer to the same question: no I/O, no clock, no chance.
    files: ["model/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: pureModules,
              message: "model/ is pure: it imports only zod, semver and node:crypto from outside.",
            },
          ],
        },
      ],
      "no-restricted-globals": [
        "error",
        ...["process", "console", "fetch", "setTimeout", "setInterval", "setImmediate", "performance"].map(
          (name) => ({
            name,
            message: "model/ is pure: let the caller pass in what it needs to know.",
          }),
        ),
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "model/ is pure: let the caller pass in the time." },
        { object: "Math", property: "random", message: "model/ is pure: let the caller pass in chance." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: "model/ is pure: let the caller pass in the time.",
        },
      ],
    },
  },
  {
    files: [
      "index.ts",
      ...["components", "policies", "rollout", "cloud", "rehearsal"].map((folder) => `${folder}/**/*.ts`),
    ],
    ignores: ["cloud/clock.ts"],
    rules: {
      "no-restricted-properties": ["error", { object: "Date", property: "now", message: CLOCK }],
      "no-restricted-syntax": ["error", machineClock],
    },
  },
  {
    // rollout uses cloud without an engine, from a bare machine that has only credentials.
    files: ["cloud/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "^@pulumi/", message: "cloud/ speaks to AWS and Prometheus, not to the engine." },
          ],
        },
      ],
    },
  },
  {
    // Applications install it by itself.
    files: ["client/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(?!\\.{1,2}/|node:crypto$|@aws-sdk/client-ssm$)",
              message: "client/ is a package of its own: it imports only node:crypto and the SSM client.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["index.ts", "components/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        machineClock,
        {
          selector:
            'CallExpression[callee.property.name="apply"] NewExpression[callee.type="MemberExpression"]',
          message:
            "A resource made inside apply is missing from the preview: make it outside and pass the output in.",
        },
      ],
    },
  },
  {
    // The local cloud holds properties of any shape, as the engine sends them; a wrong one shows in the rehearsal.
    files: ["rehearsal/cloud/**/*.ts"],
    rules: {
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    // A test asserts what it reads; a wrong shape fails it at once.
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      // Stubs of asynchronous functions, and functions of plain JavaScript modules, whose types infer methods.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    // Run before anything is installed, or by the engine: plain JavaScript, linted without types.
    files: ["**/*.{js,mjs,cjs}", "rehearsal/engine/bin/pulumi-language-nodejs"],
    languageOptions: { globals: readonly(Object.getOwnPropertyNames(globalThis)) },
    rules: {
      "no-undef": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["**/*.{js,cjs}", "rehearsal/engine/bin/pulumi-language-nodejs"],
    languageOptions: { sourceType: "commonjs", globals: readonly(["__dirname", "__filename"]) },
  },
);
