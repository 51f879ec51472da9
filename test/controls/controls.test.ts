import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  ALL,
  CONTROLS,
  type Control,
  type Judged,
  findings,
  isInapplicable,
  judges,
} from "../../model/controls";
import type { Environment } from "../../model/environments";
import { controlsTable, testName } from "../../model/controls/table";
import { type Recorded, recordStacks } from "./stacks";

/** A resource for a control that a stack gives something to judge only at times. */
const sampled = ({ sample, types }: Control): Recorded[] =>
  sample
    ? [
        {
          name: "a sample",
          environment: "prod",
          resources: [{ type: types[0]!, name: "sample", protect: true, inputs: sample, handles: [] }],
        },
      ]
    : [];

const named = ({ type, name }: Judged) => `${type} ${name}`;

/** What is wrong with the resources of a stack before anything is changed. */
const known = new WeakMap<Recorded, Map<string, Set<string>>>();

/** What is wrong with which resource, by control. */
const wrong = (all: readonly Judged[], environment: Environment): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>();
  for (const { control, resource } of findings(all, environment)) {
    found.set(control.id, (found.get(control.id) ?? new Set()).add(named(resource)));
  }
  return found;
};

/** One resource of each type: all of a type are judged by the same code. */
const oneOfEach = (judged: readonly Judged[]): Judged[] => [
  ...new Map(judged.map((one) => [one.type, one])).values(),
];

/** Ids of the controls that find something after a change that they did not find before. */
function newlyWrong(stack: Recorded, changed: readonly Judged[]): string[] {
  const { environment, resources } = stack;
  const before = known.get(stack) ?? wrong(resources, environment);
  known.set(stack, before);
  return [...wrong(changed, environment)]
    .filter(([id, found]) => [...found].some((one) => !before.get(id)?.has(one)))
    .map(([id]) => id);
}

describe("a control", function () {
  this.timeout(60_000);
  let stacks: readonly Recorded[];
  before(async () => {
    stacks = await recordStacks();
  });

  for (const control of CONTROLS) {
    it(testName(control), () => {
      let inProd = 0;
      for (const stack of [...stacks, ...sampled(control)]) {
        const { name, environment, resources } = stack;
        const judged = resources.filter((one) => judges(control, one, resources, environment));
        if (environment === "prod") inProd += judged.length;
        for (const one of judged) {
          assert.equal(control.fault(one, resources), undefined, `${name}: ${named(one)}`);
        }
        for (const one of oneOfEach(judged)) {
          const broken = newlyWrong(stack, control.flip(one, resources));
          assert.ok(broken.includes(control.id), `${name}: ${named(one)} is broken and the control holds`);
          const others = broken.filter((id) => id !== control.id && !control.breaks?.includes(id));
          assert.deepEqual(others, [], `${name}: ${named(one)} breaks these as well`);
        }
      }
      assert.ok(inProd > 0, "it judges nothing in prod");
    });
  }
});

describe("what does not apply", function () {
  this.timeout(60_000);
  let stacks: readonly Recorded[];
  before(async () => {
    stacks = await recordStacks();
  });

  for (const { id, title, absent } of ALL.filter(isInapplicable)) {
    if (!absent) continue;
    it(`${id} ${title}: there is none of what it is about`, () => {
      for (const { name, resources } of stacks) {
        const found: string[] = resources.filter(({ type }) => absent.includes(type)).map(named);
        assert.deepEqual(found, [], name);
      }
    });
  }
});

/** The numbers that the standards use for our services, told a second time: what is forgotten shows here. */
const NUMBERS: Readonly<Record<string, readonly (number | string)[]>> = {
  ELB: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 17, 18, 21, 22],
  RDS: [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27, 34, 35, 36,
    37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 50,
  ],
  ElastiCache: [1, 2, 3, 4, 5, 6, 7],
  EKS: [1, 2, 3, 8],
  ECR: [1, 2, 3],
  EC2: [
    1, 2, 3, 4, 6, 7, 8, 9, 10, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 51, 55, 56, 57, 58, 60, 170, 171, 172,
    173, 180, 181, 182,
  ],
  CloudFront: [1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 17],
  WAF: [1, 2, 3, 4, 6, 7, 8, 10, 11, 12],
  SNS: [4],
  KMS: [1, 2, 3, 5],
  SecretsManager: [1, 2, 3, 4],
  Lambda: [1, 2, 5],
  S3: [1, 2, 3, 5, 6, 8, 9, 12, 13, 19, 24, 25],
  "CIS 4": [
    ...["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "2.1", "2.2", "2.3", "2.4", "2.5"],
    ...["3.1", "3.2", "4.1", "4.2", "5.1", "5.2"],
  ],
  "CIS 5": [...["1.1", "1.2", "1.3", "1.4", "2.1", "3.1", "4.1", "4.2", "4.3", "4.4", "4.5", "5.1"]],
};

describe("the controls", () => {
  it("have each an id of its own", () => {
    const ids = ALL.map(({ id }) => id);
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  });

  it("name among what breaks with them only controls that there are", () => {
    const ids = new Set(CONTROLS.map(({ id }) => id));
    for (const { id, breaks = [] } of CONTROLS) {
      for (const other of breaks) assert.ok(ids.has(other), `${id} names ${other}`);
    }
  });

  it("are all that the standards have for our services", () => {
    const expected = Object.entries(NUMBERS).flatMap(([service, numbers]) =>
      numbers.map((number) => `${service}.${number}`),
    );
    const looked = ALL.filter(({ standard }) => standard !== "Sluice").map(({ id }) => id);
    assert.deepEqual(looked.sort(), expected.sort());
  });

  it("are in docs/controls.md as the code has them; `npx sluice controls` writes it", () => {
    const path = resolve(__dirname, "../../docs/controls.md");
    assert.equal(readFileSync(path, "utf8"), controlsTable());
  });

  it("begin in that table with those that would stop a review", () => {
    const severities = [...controlsTable().matchAll(/^\| [^|]+ \| (critical|high|medium|low) +\|/gm)];
    const first = severities.slice(0, CONTROLS.filter(({ severity }) => severity === "critical").length);
    assert.ok(first.length > 0 && first.every(([, severity]) => severity === "critical"));
  });
});
