import assert from "node:assert/strict";
import { BACKENDS } from "../../../../model/backends";
import { dashboardBody } from "../../../../model/monitoring/cloudwatch/dashboard";
import { dashboardNames, dashboards } from "../../../../model/monitoring/cloudwatch/dashboards";
import { flagQueries, podQueries } from "../../../../model/monitoring/cloudwatch/queries";

const SERVICES = ["admin-panel", "api-gateway", "voice-service"];

const all = dashboards({
  name: "voiceassist-prod",
  cluster: "voiceassist-prod-cluster",
  loadBalancer: "app/voiceassist-prod/50dc6c495c0c9188",
  targetGroups: Object.fromEntries(
    SERVICES.map((service) => [
      service,
      { blue: `targetgroup/${service}-blue/0a`, green: `targetgroup/${service}-green/0b` },
    ]),
  ),
  backends: BACKENDS.prod,
  p95Seconds: { "api-gateway": 2, "voice-service": 2 },
  errorPercent: 0.1,
});

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

const widgetsOf = (panels: Parameters<typeof dashboardBody>[0]["panels"]): Widget[] =>
  (JSON.parse(dashboardBody({ panels }, "us-east-1")) as { widgets: Widget[] }).widgets;

describe("dashboards of CloudWatch", () => {
  it("are one of the release, one for each public service, of the backends, and of costs", () => {
    assert.deepEqual(
      all.map(({ name }) => name),
      ["release", "service-admin-panel", "service-api-gateway", "service-voice-service", "backends", "cost"],
    );
    assert.deepEqual(
      all.map(({ name }) => name),
      dashboardNames(SERVICES),
    );
  });

  for (const { name, panels } of all) {
    it(`${name}: every panel has a unit, a title, a description, and curves that are shown`, () => {
      assert.ok(panels.length > 0);
      for (const { title, description, unit, curves } of panels) {
        for (const text of [title, description, unit]) assert.ok(text.length > 0, title);
        assert.ok(
          curves.some((curve) => "expression" in curve || !curve.hidden),
          title,
        );
      }
      assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
    });

    it(`${name}: no widget covers another, and none is wider than CloudWatch's grid`, () => {
      const widgets = widgetsOf(panels);
      const cells = new Set<string>();
      for (const { x, y, width, height } of widgets) {
        assert.ok(x + width <= 24);
        for (let column = x; column < x + width; column += 1)
          for (let row = y; row < y + height; row += 1) {
            const cell = `${column},${row}`;
            assert.ok(!cells.has(cell), `${cell} is covered twice`);
            cells.add(cell);
          }
      }
    });

    it(`${name}: expressions use only what their panel has`, () => {
      for (const { title, curves } of panels) {
        const ids = new Set(curves.flatMap((curve) => ("metric" in curve && curve.id ? [curve.id] : [])));
        for (const curve of curves) {
          if (!("expression" in curve)) continue;
          for (const id of curve.expression.match(/\b[a-z]\w*/g) ?? [])
            assert.ok(ids.has(id), `${title}: ${id}`);
        }
      }
    });
  }

  it("show both colours of each public service beside each other in the release", () => {
    const release = JSON.stringify(all[0]);
    for (const service of SERVICES)
      for (const colour of ["blue", "green"])
        assert.ok(release.includes(`targetgroup/${service}-${colour}/`));
  });

  it("draw a service's objective where it has one", () => {
    const limits = (service: string) =>
      all.find(({ name }) => name === `service-${service}`)!.panels.map(({ limit }) => limit?.value);
    assert.deepEqual(limits("api-gateway"), [undefined, 0.1, 2, undefined]);
    assert.deepEqual(limits("admin-panel"), [undefined, 0.1, undefined, undefined]);
  });

  it("give CloudWatch a text with each description, and the axis its unit", () => {
    const [text, picture] = widgetsOf(all[0]!.panels);
    assert.equal(text!.type, "text");
    assert.match(String(text!.properties["markdown"]), /share of requests/);
    assert.equal((picture!.properties["yAxis"] as { left: { label: string } }).left.label, "%");
  });
});

describe("queries of Logs Insights", () => {
  it("have names of their own, and begin with what they show", () => {
    for (const queries of [podQueries("voiceassist"), flagQueries]) {
      assert.equal(new Set(queries.map(({ name }) => name)).size, queries.length);
      for (const { query } of queries) assert.match(query, /^fields .+\n\| /);
    }
  });

  it("look at the services' own pods alone", () => {
    for (const { query } of podQueries("voiceassist"))
      assert.ok(query.includes('filter kubernetes.namespace_name = "voiceassist"'));
  });

  it("tell service and colour by the pod's name, as a Deployment of a colour names it", () => {
    const { query } = podQueries("voiceassist").find(({ name }) => name === "errors by service and colour")!;
    const pattern = new RegExp(/\/(\^.+\$)\//.exec(query)![1]!);
    const groups = pattern.exec("api-gateway-green-6d5f9c7b8d-x2x9z")?.groups;
    assert.deepEqual({ ...groups }, { service: "api-gateway", colour: "green" });
  });
});
