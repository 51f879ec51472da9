import assert from "node:assert/strict";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { Alarms } from "../../cloud/alarms";
import { callControl } from "../../rehearsal/cloud/control";
import { alarmRoutes } from "../../rehearsal/cloud/endpoint/cloudwatch/alarms";
import { cloudwatch } from "../../rehearsal/cloud/endpoint/cloudwatch/service";
import { Measurements } from "../../rehearsal/cloud/balancer/measurements";
import { serveEndpoint } from "../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../rehearsal/cloud/faults";
import { World } from "../../rehearsal/cloud/world";
import { clientConfig } from "./contract-subjects";
import { startMoto } from "./moto";
import { REGION, pointAt } from "./readers-fixture";

const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;

/** Something that has CloudWatch's alarms. */
interface Subject {
  readonly url: string;
  /** Makes an alarm where there is none, and says that it is in a state. */
  say(name: string, state: (typeof STATES)[number]): Promise<unknown>;
  stop(): Promise<void>;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  "the rehearsal's endpoint": async () => {
    const world = new World();
    const service = cloudwatch(new Measurements());
    const { url, close } = await serveEndpoint(world, new Faults(), alarmRoutes(world), [service]);
    const say: Subject["say"] = (name, state) =>
      callControl(url, { method: "POST", path: "alarms", body: { name, state } });
    return { url, say, stop: close };
  },
  moto: async () => {
    const { url, stop } = await startMoto();
    const client = new CloudWatchClient(clientConfig(url));
    return {
      url,
      say: async (name, state) => {
        const alarm = {
          ...({ AlarmName: name, Namespace: "App", MetricName: "Late", Statistic: "Maximum" } as const),
          ...({ Period: 60, EvaluationPeriods: 2, Threshold: 5 } as const),
          ComparisonOperator: "GreaterThanThreshold",
        } as const;
        await client.send(new PutMetricAlarmCommand(alarm));
        const said = { AlarmName: name, StateValue: state, StateReason: "somebody says so" };
        await client.send(new SetAlarmStateCommand(said));
      },
      stop: async () => {
        client.destroy();
        await stop();
      },
    };
  },
};

for (const [name, start] of Object.entries(SUBJECTS)) {
  describe(`alarms of ${name}`, function () {
    this.timeout(240_000);
    let subject: Subject;
    let putBack: () => void;
    before(async () => {
      subject = await start();
      putBack = pointAt(subject.url);
    });
    after(async () => {
      putBack();
      await subject.stop();
    });
    const states = async (...names: string[]) =>
      Object.fromEntries(
        Object.entries(await new Alarms(REGION).of(names)).map(([alarm, { state }]) => [alarm, state]),
      );

    it("are in the state that they are in, by their names; those that are not there are absent", async () => {
      for (const state of STATES) await subject.say(`sluice/app/prod/flag/x/${state}`, state);
      const names = STATES.map((state) => `sluice/app/prod/flag/x/${state}`);
      assert.deepEqual(
        await states(...names, "sluice/app/prod/flag/x/none"),
        Object.fromEntries(STATES.map((state) => [`sluice/app/prod/flag/x/${state}`, state])),
      );
      assert.deepEqual(await states("sluice/app/prod/flag/x"), {}, "a name is whole");
    });

    it("say since when", async () => {
      const began = Date.now();
      await subject.say("since", "OK");
      await subject.say("since", "ALARM");
      const { since } = (await new Alarms(REGION).of(["since"]))["since"]!;
      assert.ok(Math.abs(Date.parse(since!) - began) < 10_000, since);
    });

    it("are none where nobody asks, and are found among more than a hundred names", async () => {
      assert.deepEqual(await states(), {});
      await subject.say("last", "ALARM");
      const others = Array.from({ length: 200 }, (_, index) => `none-${index}`);
      assert.deepEqual(await states(...others, "last"), { last: "ALARM" });
    });
  });
}
