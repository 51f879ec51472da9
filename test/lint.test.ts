import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

const root = path.resolve(__dirname, "..");

/** The project's own configuration, without the rules that want a file of the TypeScript project. */
const untyped = new ESLint({
  cwd: root,
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    {
      rules: {
        "@pulumi/no-output-in-template-literal": "off",
        "@pulumi/no-output-instance-in-template-literal": "off",
      },
    },
  ],
});

/** The rules that a file of this name and text breaks; it need not exist. */
async function broken(eslint: ESLint, file: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
  assert.ok(result, `${file} was ignored by the configuration`);
  assert.deepEqual(
    result.messages.filter((message) => message.fatal),
    [],
  );
  return [...new Set(result.messages.map((message) => message.ruleId))].sort();
}

const folders = ["model", "cloud", "policies", "components", "rollout", "client", "rehearsal", "test"];

/** A TypeScript file at this place or below it, if there is one yet. */
function firstFile(place: string): string | undefined {
  if (!existsSync(place)) return undefined;
  if (place.endsWith(".ts")) return place;
  return readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => path.join(place, name))[0];
}

const importing = (from: string): string => `import { it } from "${from}";\nexport const its = it;\n`;

describe("lint: direction of imports", function () {
  this.timeout(60_000);

  /** The house as the design draws it, told a second time, so that loosening the configuration fails here. */
  const house: Record<string, string[]> = {
    "model/a/x.ts": ["model"],
    "cloud/a/x.ts": ["model", "cloud"],
    "policies/a/x.ts": ["model", "policies"],
    "components/a/x.ts": ["model", "cloud", "components"],
    "rollout/a/x.ts": ["model", "cloud", "rollout"],
    "client/x.ts": ["client"],
    "rehearsal/model/x.ts": [...folders.filter((folder) => folder !== "test"), "index.ts"],
    "test/cloud/x.ts": [...folders, "index.ts"],
    "index.ts": ["model", "components"],
  };
  // An import that resolves to nothing is refused anyway, so each must be of a file that exists.
  const targets = new Map(
    [...folders, "index.ts"].map((place) => [place, firstFile(path.join(root, place))]),
  );

  for (const [file, permitted] of Object.entries(house)) {
    it(`lets ${file} import from ${permitted.join(", ")} and from nowhere else`, async () => {
      for (const [place, target] of targets) {
        if (target === undefined || place === file) continue;
        const relative = path.relative(path.dirname(path.join(root, file)), target).replace(/\.ts$/, "");
        const from = relative.startsWith(".") ? relative : `./${relative}`;
        assert.deepEqual(
          await broken(untyped, file, importing(from)),
          permitted.includes(place) ? [] : ["boundaries/dependencies"],
          `${file} importing ${from}`,
        );
      }
    });
  }

  it("has a file to import from in the folders that every release needs", () => {
    for (const folder of ["model", "components", "rehearsal", "test"]) assert.ok(targets.get(folder), folder);
  });

  it("permits packages, and package.json where it runs", async () => {
    assert.deepEqual(await broken(untyped, "components/x.ts", importing("@pulumi/aws")), []);
    assert.deepEqual(await broken(untyped, "rehearsal/x.ts", importing("../package.json")), []);
    assert.deepEqual(await broken(untyped, "components/x.ts", importing("../package.json")), [
      "boundaries/dependencies",
    ]);
  });

  it("refuses a type, a re-export and a dynamic import as it refuses a value", async () => {
    for (const text of [
      'import type { World } from "../rehearsal/cloud/world";\nexport type W = World;\n',
      'export { World } from "../rehearsal/cloud/world";\n',
      'export const world = () => import("../rehearsal/cloud/world");\n',
    ]) {
      assert.deepEqual(await broken(untyped, "model/x.ts", text), ["boundaries/dependencies"], text);
    }
  });

  it("refuses a TypeScript file outside the house's folders", async () => {
    assert.deepEqual(await broken(untyped, "elsewhere/x.ts", "export const x = 1;\n"), [
      "boundaries/no-unknown-files",
    ]);
  });
});

describe("lint: purity", function () {
  this.timeout(60_000);

  it("refuses input, output and chance in model, and permits them in rollout", async () => {
    const cases: [text: string, rule: string][] = [
      [importing("node:fs"), "no-restricted-imports"],
      [importing("@pulumi/pulumi"), "no-restricted-imports"],
      ["export const home = () => process.env.HOME;\n", "no-restricted-globals"],
    ];
    for (const [text, rule] of cases) {
      assert.deepEqual(await broken(untyped, "model/x.ts", text), [rule], text);
      assert.deepEqual(await broken(untyped, "rollout/x.ts", text), [], text);
    }
  });

  it("refuses the machine's time everywhere but in the one clock, and permits that in rollout", async () => {
    const cases: [text: string, rule: string][] = [
      ["export const now = () => Date.now();\n", "no-restricted-properties"],
      ["export const now = () => new Date();\n", "no-restricted-syntax"],
    ];
    for (const [text, rule] of cases) {
      for (const file of ["model/x.ts", "rollout/x.ts", "components/x.ts", "policies/x.ts"])
        assert.deepEqual(await broken(untyped, file, text), [rule], `${file}: ${text}`);
      assert.deepEqual(await broken(untyped, "cloud/clock.ts", text), [], text);
    }
    const clock = 'import { now } from "../cloud/clock";\nexport const then = now;\n';
    assert.deepEqual(await broken(untyped, "rollout/x.ts", clock), []);
    assert.deepEqual(await broken(untyped, "model/x.ts", clock), ["boundaries/dependencies"]);
  });

  it("permits zod, hashing and a given time in model", async () => {
    for (const text of [importing("zod"), importing("node:crypto"), "export const day = new Date(0);\n"]) {
      assert.deepEqual(await broken(untyped, "model/x.ts", text), [], text);
    }
  });

  it("refuses the engine in cloud", async () => {
    assert.deepEqual(await broken(untyped, "cloud/x.ts", importing("@pulumi/aws")), [
      "no-restricted-imports",
    ]);
  });

  it("refuses a resource made inside apply, and permits another object", async () => {
    const made = (what: string) => `export const y = it.apply((v) => new ${what}(v));\n`;
    assert.deepEqual(await broken(untyped, "components/x.ts", made("aws.lb.Listener")), [
      "no-restricted-syntax",
    ]);
    assert.deepEqual(await broken(untyped, "components/x.ts", made("URL")), []);
  });

  it("refuses the machine's time wherever releases are timed, but in the clock", async () => {
    const places = [
      "index.ts",
      ...["components", "policies", "rollout", "cloud", "rehearsal"].map((f) => `${f}/x.ts`),
    ];
    for (const place of places) {
      assert.deepEqual(await broken(untyped, place, "export const at = new Date();\n"), [
        "no-restricted-syntax",
      ]);
      assert.deepEqual(await broken(untyped, place, "export const at = Date.now();\n"), [
        "no-restricted-properties",
      ]);
      assert.deepEqual(await broken(untyped, place, "export const at = (ms: number) => new Date(ms);\n"), []);
    }
    assert.deepEqual(await broken(untyped, "cloud/clock.ts", "export const at = Date.now();\n"), []);
  });

  it("lets all that decide by time import the clock, and of cloud that alone, but model", async () => {
    for (const [place, from] of [
      ["index.ts", "./cloud/clock"],
      ["policies/x.ts", "../cloud/clock"],
      ["rollout/x.ts", "../cloud/clock"],
    ] as const) {
      assert.deepEqual(await broken(untyped, place, importing(from)), [], place);
    }
    assert.deepEqual(await broken(untyped, "model/x.ts", importing("../cloud/clock")), [
      "boundaries/dependencies",
    ]);
  });

  it("refuses a file of more than 300 lines", async () => {
    const lines = (count: number) => "export {};\n".repeat(count);
    assert.deepEqual(await broken(untyped, "model/x.ts", lines(301)), ["max-lines"]);
    assert.deepEqual(await broken(untyped, "model/x.ts", lines(300)), []);
  });
});

describe("lint: types", function () {
  this.timeout(120_000);

  const typed = new ESLint({
    cwd: root,
    overrideConfig: [
      {
        files: ["**/*.ts"],
        languageOptions: {
          parserOptions: {
            projectService: { allowDefaultProject: ["components/*.ts"] },
            tsconfigRootDir: root,
          },
        },
      },
    ],
  });

  it("refuses a promise left alone and an output in a template, and permits them tended to", async () => {
    const start = 'import * as pulumi from "@pulumi/pulumi";\nconst name = pulumi.output("x");\n';
    assert.deepEqual(
      await broken(
        typed,
        "components/virtual.ts",
        `${start}export const text = \`\${name}\`;\nPromise.resolve(1);\n`,
      ),
      [
        "@pulumi/no-output-in-template-literal",
        "@typescript-eslint/no-base-to-string",
        "@typescript-eslint/no-floating-promises",
        "@typescript-eslint/restrict-template-expressions",
      ],
    );
    assert.deepEqual(
      await broken(
        typed,
        "components/virtual.ts",
        `${start}export const text = pulumi.interpolate\`\${name}\`;\nvoid Promise.resolve(1);\n`,
      ),
      [],
    );
  });
});
