import assert from "node:assert/strict";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { LISTENER_RULE } from "../../../rehearsal/cloud/balancer/resources";
import type { Release } from "../../../model/release";
import { serviceDefaults } from "../../../model/services";
import { VALIDATION, type ValidationSettings } from "../../../model/validation";
import { ownOf } from "../../../model/validationLog";
import { validationLogOf } from "../../../rollout/reconcile/ours";
import { validate } from "../../../rollout/reconcile/validation";
import { release } from "../../model/fixtures";
import { type LocalEdge, localEdge } from "./edge-fixture";

const SUBJECT = { app: "app", environment: "dev", region: "us-east-1" } as const;
const SERVICES = { api: { ...serviceDefaults("app", "dev", "api"), public: { path: "/api" } } };

describe("validation through the local load balancer", function () {
  this.timeout(30_000);
  let edge: LocalEdge;
  const before = process.env["SLUICE_BALANCER_URL"];
  beforeEach(async () => {
    edge = await localEdge({ blue: "2.3.1", green: "2.4.0" });
    process.env["SLUICE_BALANCER_URL"] = edge.url;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env["SLUICE_BALANCER_URL"];
    else process.env["SLUICE_BALANCER_URL"] = before;
    await edge.end();
  });

  const asked = async (
    changes: Partial<ValidationSettings> = {},
    of: Release = release(0),
  ): Promise<string> => {
    const settings = { services: SERVICES, validation: { ...VALIDATION, requests: 20, ...changes } };
    const seen = await validate(SUBJECT, { settings, release: of, colour: "green" });
    return "unseen" in seen ? `unseen: ${seen.unseen}` : `${seen.value.outcome}: ${seen.value.evidence}`;
  };
  const own = async (colour: "blue" | "green") => {
    const log = await validationLogOf(SUBJECT);
    assert.ok("value" in log, JSON.stringify(log));
    return ownOf(log.value, colour, "api").map(({ requests, errors }) => ({ requests, errors }));
  };

  it("asks the candidate, which has no share, for its health below the service's path", async () => {
    assert.match(
      await asked(),
      /^passed: 80 of 80 requests to api of green 2\.4\.0 succeeded, the slowest took \d+ ms$/,
    );
    const paths = ["/health", "/health/db", "/health/detailed", "/health/redis"].map((path) => `/api${path}`);
    assert.deepEqual([...new Set(edge.seen.green)].sort(), paths);
    assert.deepEqual([edge.seen.green.length, edge.seen.blue.length], [80, 0]);
    assert.deepEqual(await own("green"), [{ requests: 80, errors: 0 }]);
  });

  it("asks for smoke paths with the status that they must have", async () => {
    edge.answer("green", ({ url }, response) => {
      if (url !== "/api/me") return false;
      response.writeHead(401).end();
      return true;
    });
    assert.match(await asked({ paths: { api: [{ path: "/me", status: 401 }] } }), /^passed: 100 of 100/);
    assert.match(await asked({ paths: { api: [{ path: "/me" }] } }), /^failed: api \/me .*\(401\)/);
  });

  it("fails where a dependency fails, and stops asking for it", async () => {
    edge.answer("green", ({ url }, response) => {
      if (url !== "/api/health/db") return false;
      response.writeHead(503).end();
      return true;
    });
    assert.match(
      await asked(),
      /^failed: api \/health\/db of green 2\.4\.0: \d+ of \d+ requests failed \(503\)/,
    );
    const times = edge.seen.green.filter((url) => url === "/api/health/db").length;
    assert.ok(times < 20, String(times));
    const [sent] = await own("green");
    assert.deepEqual(sent, { requests: 60 + times, errors: times });
  });

  it("fails where answers come too late, begin and do not end, or break off", async () => {
    edge.answer("green", () => true);
    assert.match(await asked({ seconds: 1, requests: 2 }), /^failed: .*no whole answer within 1 s/);
    edge.answer("green", (_, response) => response.writeHead(200).write("{"));
    assert.match(await asked({ seconds: 1, requests: 2 }), /^failed: .*no whole answer within 1 s/);
    edge.answer("green", (_, response) => Boolean(response.destroy()));
    assert.match(await asked({ requests: 2 }), /^failed: .*502 by the edge itself/);
  });

  it("follows no redirect", async () => {
    edge.answer("green", (_, response) =>
      Boolean(response.writeHead(302, { location: "/api/health" }).end()),
    );
    assert.match(await asked(), /^failed: .*\(302\)/);
  });

  it("never passes from where the header does not count, however well the live colour answers", async () => {
    edge.allow("10.0.0.0/16");
    assert.match(
      await asked(),
      /^unseen: 2\.3\.1 answered for api, not green 2\.4\.0: the preview header was not/,
    );
    assert.equal(edge.seen.green.length, 0);
    assert.ok(edge.seen.blue.length > 0 && edge.seen.blue.length < 80, String(edge.seen.blue.length));
    // Whoever counts the live colour's requests takes these off as well.
    assert.deepEqual(await own("blue"), [{ requests: edge.seen.blue.length, errors: 0 }]);
  });

  it("never passes where nothing tells the colours apart", async () => {
    const same = release(0, { blue: { version: "2.4.0" } });
    assert.match(
      await asked({}, same),
      /^unseen: nothing shows that green 2\.4\.0 answered .*version and colour/,
    );
    edge.answer("green", (_, response) => {
      response.setHeader("x-colour", "green");
      return false;
    });
    assert.match(await asked({}, same), /^passed/);
    edge.answer("green", (_, response) => Boolean(response.end("ok")));
    assert.match(await asked(), /^unseen: nothing shows .*no answer tells its version/);
  });

  it("takes from who answers no secret, and no orders for a terminal", async () => {
    const version = "\u001b[2Jpostgres://ana:hunter22@db/app\n9.9.9";
    edge.answer("green", (_, response) => {
      response.setHeader("content-type", "application/json");
      return Boolean(response.end(JSON.stringify({ colour: "green", version })));
    });
    const told = await asked();
    assert.match(told, /\[2Jpostgres:\/\/\*\*\*@db\/app 9\.9\.9/);
    assert.doesNotMatch(told, /hunter22|[\u0000-\u001f]/);
  });

  it("has seen nothing where nobody listens, or what listens speaks no TLS", async () => {
    process.env["SLUICE_BALANCER_URL"] = "http://127.0.0.1:1";
    assert.match(await asked(), /^unseen: api could not be reached: connect ECONNREFUSED/);
    process.env["SLUICE_BALANCER_URL"] = edge.url.replace("http:", "https:");
    assert.match(await asked(), /^unseen: api could not be reached: /);
    assert.deepEqual(await own("green"), []);
    process.env["SLUICE_BALANCER_URL"] = "balancer";
    assert.match(await asked(), /^unseen: .*SLUICE_BALANCER_URL: found balancer; allowed is a URL/);
    assert.deepEqual([edge.seen.green, edge.seen.blue], [[], []]);
  });

  it("has seen nothing where AWS does not tell the way, and sends nothing that it cannot keep apart", async () => {
    await edge.aws.fail("ssm:PutParameter", "AccessDeniedException", 1);
    assert.match(await asked(), /^unseen: nothing was sent, .*AccessDenied/);
    await edge.aws.fail("elasticloadbalancing:DescribeLoadBalancers", "ExpiredToken");
    assert.match(await asked(), /^unseen: the way to green could not be observed: ExpiredToken/);
    assert.deepEqual([edge.seen.green, edge.seen.blue], [[], []]);
  });

  it("has seen nothing where a service has no header rule", async () => {
    for (const { id } of edge.aws.world.all(LISTENER_RULE).filter((rule) => rule.id.endsWith("/green"))) {
      edge.aws.world.remove(LISTENER_RULE, id);
    }
    assert.match(await asked(), /^unseen: no rule takes the preview header to api green; deploy/);
  });

  it("comes by the host's public name where CloudFront is before the load balancer, and tells no secret", async () => {
    const [rule] = edge.aws.world.all(LISTENER_RULE).filter(({ id }) => id.endsWith("/green"));
    assert.ok(rule);
    const conditions = [
      { hostHeader: { values: ["localhost"] } },
      { httpHeader: { httpHeaderName: "x-sluice-preview", values: ["green-s3cret"] } },
    ];
    edge.aws.world.put({ ...rule, type: LISTENER_RULE, properties: { ...rule.properties, conditions } });
    delete process.env["SLUICE_BALANCER_URL"];
    const settings = { services: SERVICES, validation: VALIDATION, zoneId: "Z1" };
    const seen = await validate(SUBJECT, { settings, release: release(0), colour: "green" });
    assert.match(JSON.stringify(seen), /unseen.*api could not be reached: .*:443/);
    assert.doesNotMatch(JSON.stringify(seen), /s3cret/);
    // The load balancer itself is asked by that host, and with that secret.
    process.env["SLUICE_BALANCER_URL"] = edge.url;
    const passed = await validate(SUBJECT, { settings, release: release(0), colour: "green" });
    assert.ok("value" in passed && passed.value.outcome === "passed", JSON.stringify(passed));
    assert.ok(edge.seen.green.includes("/health"));
    assert.doesNotMatch(JSON.stringify(passed), /s3cret/);
  });

  it("keeps no secret in what it keeps", async () => {
    await asked();
    const Name = "/sluice/app/dev/validations";
    const { Parameter } = await edge.aws.parameters.send(new GetParameterCommand({ Name }));
    assert.match(
      Parameter?.Value ?? "",
      /^\[\{"from":"[^"]+","until":"[^"]+","sent":\{"green":\{"api":\[80,0,0\]\}\}\}\]$/,
    );
  });
});
