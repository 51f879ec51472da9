import assert from "node:assert/strict";
import { BURN_WINDOWS } from "../../../model/monitoring/recording";
import { LEVELS, type Monitoring, defaultMonitoring } from "../../../model/monitoring/monitoring";
import {
  PROMETHEUS,
  monitoringProcessors,
  monitoringStorage,
  sizesOf,
} from "../../../model/monitoring/sizes";
import { SLO } from "../../../model/monitoring/objectives";

const at = (changed: Partial<Monitoring>): Monitoring => ({ ...defaultMonitoring("prod"), ...changed });

describe("the sizes of the monitoring", () => {
  it("grow with the level", () => {
    for (const of of [monitoringProcessors, monitoringStorage]) {
      const [basic = 0, full = 0, alerting = 0] = LEVELS.map((level) => of(at({ level })));
      assert.ok(0 < basic && basic < full && full < alerting, `${basic} ${full} ${alerting}`);
    }
  });

  it("are what somebody adds up by hand: 0.19, 0.49 and 0.76 processors", () => {
    const all = LEVELS.map((level) => Number(monitoringProcessors(at({ level })).toFixed(3)));
    assert.deepEqual(all, [0.19, 0.49, 0.76]);
    assert.deepEqual(
      LEVELS.map((level) => monitoringStorage(at({ level }))),
      [10, 70, 222],
    );
  });

  it("keep no series in the cluster where AWS keeps them, and need no Grafana or Alertmanager", () => {
    const managed = at({ prometheus: "managed", grafana: "managed" });
    assert.equal(monitoringStorage(managed), 20, "traces");
    assert.ok(sizesOf(managed).length < sizesOf(at({})).length);
  });

  it("keep series for as long as something looks back: burn rates everywhere, the objective's time where it pages", () => {
    const days = BURN_WINDOWS.map((window) => (window.endsWith("d") ? Number.parseInt(window, 10) : 0));
    for (const level of LEVELS) assert.ok(PROMETHEUS[level].retentionDays > Math.max(...days), level);
    assert.ok(PROMETHEUS["full-with-alerting"].retentionDays > SLO.windowDays);
  });

  it("have two Prometheus where somebody is paged, so that no lost node silences it", () => {
    assert.deepEqual(
      LEVELS.map((level) => PROMETHEUS[level].replicas),
      [1, 1, 2],
    );
  });
});
