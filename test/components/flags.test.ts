import assert from "node:assert/strict";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import * as pulumi from "@pulumi/pulumi";
import { standFlagGuard } from "../../components/flagGuard";
import { FlagParameters, refuseOffPlan } from "../../components/flags";
import { flagsPublished } from "../../components/flagsPublished";
import { Transition } from "../../components/release/transition";
import type { Flag } from "../../model/flags/flag";
import { namedPlan } from "../../model/rollout/plans";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";
import { recorded, release, transition } from "../model/fixtures";
import { previewing } from "./guardFixture";
import { record, silentHook } from "./mocks";

const PARAMETER = "aws:ssm/parameter:Parameter";
const NAME = "/voiceassist/partial-results/config";

const flag = (percentage: number, changes: Partial<Flag> = {}): Flag => ({
  ...{ enabled: true, percentage, settings: {}, settled: false, plan: namedPlan("weekly"), alarms: [] },
  ...changes,
});
const had = (percentages: Record<string, number>) =>
  recorded(release(0), {
    flags: Object.fromEntries(
      Object.entries(percentages).map(([name, percentage]) => [name, { percentage, settled: false }]),
    ),
  });
const args = (flags: Record<string, Flag>, before: Record<string, number>) => ({
  ...{ app: "voiceassist", environment: "prod" as const, region: REGION, flags },
  from: had(before),
});

describe("the parameters of flags", () => {
  it("are strings with the value, under the guide's name, and tagged", async () => {
    const mocks = record();
    const intent = transition(undefined, release(0));
    const settings = { max_buffer_timeout: 5 };
    const made = new FlagParameters(
      {
        ...args({ "partial-results": flag(10, { settings }) }, { "partial-results": 10 }),
        ...{ transition: new Transition("release", intent), guard: silentHook() },
      },
      {},
    );
    await new Promise((resolve) => pulumi.output(made.rise([]).map(({ urn }) => urn)).apply(resolve));
    const { name, type, value, tags } = mocks.find(PARAMETER, "flag-partial-results");
    const text = (value as { value?: string }).value ?? value;
    assert.deepEqual(
      [name, type, text],
      [NAME, "String", '{"enabled":true,"rollout_percentage":10,"max_buffer_timeout":5}'],
    );
    assert.deepEqual(tags, { "sluice:role": "flag", "sluice:flag": "partial-results" });
  });

  it("are declared before the rules where they fall or stay, and after them where they rise", async () => {
    const mocks = record();
    const flags = {
      falling: flag(5),
      rising: flag(50),
      staying: flag(10),
      off: flag(50, { enabled: false }),
    };
    const made = new FlagParameters(
      {
        ...args(flags, { falling: 10, rising: 10, staying: 10, off: 50 }),
        transition: new Transition("release", transition(undefined, release(0))),
        guard: silentHook(),
      },
      {},
    );
    const urns = (some: readonly pulumi.Resource[]) =>
      new Promise<string[]>((resolve) => pulumi.output(some.map(({ urn }) => urn)).apply(resolve));
    const endings = async (some: readonly pulumi.Resource[]) =>
      (await urns(some)).map((urn) => urn.split("::").at(-1));
    assert.deepEqual(await endings(made.fallen), ["flag-falling", "flag-off"]);
    assert.deepEqual(mocks.names(PARAMETER).sort(), ["flag-falling", "flag-off", "flag-staying"]);
    const all = await endings(made.rise([]));
    assert.deepEqual(all.sort(), ["flag-falling", "flag-off", "flag-rising", "flag-staying"]);
  });

  it("have one beside them that says which alarms take which flag back, and follows them in each update", async () => {
    const mocks = record();
    const published = { search: { percentage: 10, stops: [10, 100], alarms: [] } };
    const made = flagsPublished("flags", { app: "voiceassist", environment: "prod", published }, {});
    const value = await new Promise((resolve) => made.value.apply(resolve));
    assert.deepEqual(JSON.parse(value as string), published);
    const { name, tier, tags } = mocks.find(PARAMETER, "flags");
    assert.deepEqual(
      [name, tier, tags],
      ["/sluice/voiceassist/prod/flags", "Intelligent-Tiering", { "sluice:role": "release" }],
    );
  });

  it("are none where no flag is declared", () => {
    const mocks = record();
    const made = new FlagParameters(
      {
        ...{ ...args({}, {}), guard: silentHook() },
        transition: new Transition("release", transition(undefined, release(0))),
      },
      {},
    );
    assert.deepEqual([made.fallen, made.rise([]), mocks.names(PARAMETER)], [[], [], []]);
  });

  it("are not declared where one would rise past its plan, with every reason at once", () => {
    const flags = { one: flag(11), two: flag(51), three: flag(50) };
    assert.throws(
      () => refuseOffPlan(flags, had({ one: 0, two: 10, three: 10 })),
      (error: Error) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.match(
          error.message,
          /one would rise from 0 % .* is 10 %\. Mend it: pulumi config set .* 10\n/,
        );
        assert.match(error.message, /two would rise from 10 % .* is 50 %/);
        assert.doesNotMatch(error.message, /three/);
        return true;
      },
    );
    refuseOffPlan({ one: flag(10), two: flag(0) }, had({ one: 0, two: 10 }));
    refuseOffPlan(flags, undefined);
    assert.throws(
      () => refuseOffPlan({ one: flag(10) }, had({ one: 10, two: 10, three: 0 })),
      (error: Error) => {
        assert.match(error.message, /flags\.two: two would end while 10 % .* sluice flags disable two;/);
        return !/three|one/.test(error.message);
      },
    );
  });
});

describe("the guard of flags, against SSM", () => {
  let aws: PointedAt;
  beforeEach(async () => {
    aws = await pointAtEndpoint();
    await previewing(false);
  });
  afterEach(() => aws.end());

  const put = (value: unknown) =>
    aws.parameters.send(
      new PutParameterCommand({
        ...{ Name: NAME, Type: "String", Overwrite: true },
        Value: typeof value === "string" ? value : JSON.stringify(value),
      }),
    );
  const stand = (after: Flag, before: number) =>
    standFlagGuard(args({ "partial-results": after }, { "partial-results": before }), "flag-partial-results");

  it("lets an update raise what stands as the last update left it", async () => {
    await put({ enabled: true, rollout_percentage: 10 });
    await stand(flag(50), 10);
  });

  it("refuses what a kill switch has turned off, in the preview too, with the way out", async () => {
    await put({ enabled: false, rollout_percentage: 10 });
    const refused =
      /flag guard refuses partial-results: .* would rise to 50 % .* It has 0 %, .* left 10 %: .*enabled' false/;
    await assert.rejects(stand(flag(50), 10), refused);
    await previewing(true);
    await assert.rejects(stand(flag(50), 10), refused);
  });

  it("refuses a smaller percentage over what is off for applications, however little else it says", async () => {
    await put({ enabled: false });
    await assert.rejects(stand(flag(5), 10), /would rise to 5 % .* It has 0 %.*enabled' false/);
  });

  it("refuses a setting that changes beside an unchanged percentage: it would turn the flag on again", async () => {
    await put({ enabled: false, rollout_percentage: 10 });
    await assert.rejects(stand(flag(10, { settings: { max_buffer_timeout: 3 } }), 10), /would rise to 10 %/);
  });

  it("lets configuration take the kill switch in, and raise from there", async () => {
    await put({ enabled: false, rollout_percentage: 10 });
    await stand(flag(10, { enabled: false }), 10);
    await stand(flag(10), 0);
  });

  it("refuses a rise over what nobody can read, and warns of it in a preview", async () => {
    await put("half-written {");
    await assert.rejects(stand(flag(50), 10), /could not be seen: .*no JSON object/);
    await stand(flag(5), 10);
    await aws.fail("ssm:GetParameter", "AccessDeniedException");
    await assert.rejects(stand(flag(50), 10), /AccessDeniedException/);
    await previewing(true);
    const warned: string[] = [];
    const { warn } = console;
    console.warn = (line: string) => void warned.push(line);
    try {
      await stand(flag(50), 10);
    } finally {
      console.warn = warn;
    }
    assert.match(warned.join("\n"), /AccessDeniedException.*The update looks again/s);
  });

  it("lets one be made, and has nothing to say of other resources", async () => {
    await stand(flag(10), 0);
    await standFlagGuard(args({ "partial-results": flag(100) }, {}), "release");
  });
});
