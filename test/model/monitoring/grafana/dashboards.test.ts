import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { dashboardFiles, dashboardsOf } from "../../../../model/monitoring/grafana";
import { dashboardJson } from "../../../../model/monitoring/grafana/dashboard";
import { UNITS } from "../../../../model/monitoring/grafana/panel";
import { defaultSlo } from "../../../../model/monitoring/objectives";
import { defaultServices } from "../../../../model/services";

const services = defaultServices("voiceassist", "prod");
const from = {
  app: "voiceassist",
  services,
  slo: defaultSlo(Object.keys(services)),
  console: "https://console.example.com",
};
const dashboards = dashboardsOf(from);

/** As Grafana gets it. */
const read = (dashboard: (typeof dashboards)[number]) =>
  JSON.parse(JSON.stringify(dashboardJson(dashboard))) as ReturnType<typeof dashboardJson>;

type Json = ReturnType<typeof read>;
const panelsOf = ({ panels }: Json) => panels.flatMap((panel) => (panel.type === "row" ? [] : [panel]));

const schema = z.fromJSONSchema(
  JSON.parse(readFileSync(join(__dirname, "schema.json"), "utf8")) as Parameters<typeof z.fromJSONSchema>[0],
);

/** Whether two places have a cell in common. */
const overlap = (one: Json["panels"][number]["gridPos"], other: Json["panels"][number]["gridPos"]) =>
  one.x < other.x + other.w &&
  other.x < one.x + one.w &&
  one.y < other.y + other.h &&
  other.y < one.y + one.h;

describe("the dashboards", () => {
  it("are one of the release, of providers, cost and backends, and one a service", () => {
    assert.deepEqual(
      dashboards.map(({ uid }) => uid),
      [
        "release",
        "providers",
        "cost",
        "backends",
        ...Object.keys(services).map((name) => `service-${name}`),
      ].map((name) => `sluice-${name}`),
    );
  });

  it("change with no release: nothing but services, their objectives and the app's name is in them", () => {
    const files = JSON.stringify(dashboardFiles(from));
    assert.equal(JSON.stringify(dashboardFiles({ ...from, ...{ release: { live: "green" } } })), files);
    assert.notEqual(JSON.stringify(dashboardFiles({ ...from, app: "other" })), files);
  });

  for (const dashboard of dashboards) {
    describe(`the dashboard ${dashboard.title}`, () => {
      const json = read(dashboard);

      it("is one by the schema that Grafana publishes, and would not be with a property that it does not have", () => {
        const { error } = schema.safeParse(json);
        assert.equal(error, undefined, error && JSON.stringify(error.issues.slice(0, 3)));
        const [panel] = panelsOf(json);
        assert.ok(panel);
        const misspelt = { ...json, panels: [{ ...panel, gridpos: panel.gridPos }] };
        assert.equal(schema.safeParse(misspelt).success, false);
        assert.equal(schema.safeParse({ ...json, schemaVersion: "42" }).success, false);
      });

      it("has a unit, a title, a description and a query in each panel", () => {
        for (const panel of panelsOf(json)) {
          const named = `${dashboard.title}: ${panel.title}`;
          assert.ok(UNITS.includes(panel.fieldConfig.defaults.unit), named);
          assert.match(panel.title, /^[A-Z][^.]*$/, named);
          assert.match(panel.description, /^[A-Z0-9].{20,}\.$/, named);
          assert.ok(panel.targets.length > 0, named);
          for (const { expr, legendFormat } of panel.targets) {
            assert.ok(expr.length > 0 && legendFormat.length > 0, named);
            assert.ok(!/undefined|NaN\b|\[object/.test(`${expr}${legendFormat}${panel.description}`), expr);
          }
        }
      });

      it("has an id for each panel that no other has, and a letter for each of its queries", () => {
        const ids = json.panels.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        for (const { targets } of panelsOf(json)) {
          const letters = targets.map(({ refId }) => refId);
          assert.equal(new Set(letters).size, letters.length);
        }
      });

      it("asks of this stack's namespace alone", () => {
        for (const { targets } of panelsOf(json)) {
          for (const { expr } of targets) assert.match(expr, /namespace="(voiceassist|qdrant)"/);
        }
      });

      it("keeps every panel inside the grid, and none on another", () => {
        const places = json.panels.map(({ gridPos }) => gridPos);
        for (const { x, y, w, h } of places) {
          assert.ok(x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 24);
        }
        places.forEach((one, index) => {
          for (const other of places.slice(index + 1)) {
            assert.ok(!overlap(one, other), JSON.stringify([one, other]));
          }
        });
      });
    });
  }

  it("keep panels apart in the grid whatever their widths are", () => {
    const [first] = dashboards;
    const [panel] = first!.rows[0]!.panels;
    const widths = fc.array(fc.constantFrom(6, 8, 12, 24), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(widths, { minLength: 1, maxLength: 4 }), (rows) => {
        const made = rows.map((row, index) => ({
          title: `Row ${index}`,
          panels: row.map((width) => ({ ...panel!, width: width })),
        }));
        const places = dashboardJson({ ...first!, rows: made }).panels.map(({ gridPos }) => gridPos);
        return places.every(
          (one, index) =>
            one.x + one.w <= 24 && places.slice(index + 1).every((other) => !overlap(one, other)),
        );
      }),
    );
  });

  it("fit into ConfigMaps, however many services there are", () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`service-${index}`, services["api-gateway"]!]),
    );
    const maps = dashboardFiles({ ...from, services: many, slo: defaultSlo(Object.keys(many)) });
    for (const files of Object.values(maps)) {
      const size = Object.values(files).reduce((sum, text) => sum + text.length, 0);
      assert.ok(size < 1_000_000, `${size} bytes`);
    }
    const names = Object.values(maps).flatMap((files) => Object.keys(files));
    assert.equal(new Set(names).size, 104);
  });

  it("tell services whose names begin alike apart", () => {
    const named = (length: number) => "a".repeat(length);
    const alike = {
      [`${named(50)}-one`]: services["api-gateway"]!,
      [`${named(50)}-two`]: services["api-gateway"]!,
    };
    const uids = dashboardsOf({ ...from, services: alike, slo: defaultSlo(Object.keys(alike)) }).map(
      ({ uid }) => uid,
    );
    assert.equal(new Set(uids).size, uids.length);
    for (const uid of uids) assert.ok(uid.length <= 40, uid);
  });
});
