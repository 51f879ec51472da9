import assert from "node:assert/strict";
import type { Freeze } from "../../../model/freeze";
import type { Transition } from "../../../model/transition";
import { LIMITS, NEW, OLD, SERVICES, START, at, recorded, release, transition } from "../fixtures";
import { message, told } from "./told";

const set = (path: string, value: string | number) => `pulumi config set --path 'sluice:${path}' ${value}`;
const storageWith = (part: object) => ({
  services: { ...SERVICES, storage: { ...SERVICES["storage"]!, ...part } },
});
const without = (name: string) => ({
  services: Object.fromEntries(Object.entries(SERVICES).filter(([key]) => key !== name)),
});

describe("a violation of T4 by what a colour has of services", () => {
  const names = Object.keys(SERVICES);
  const spelt = names.map((name, index) => set(`release.blue.services[${index}]`, name)).join(" && ");
  const state = recorded(release(0, { green: {} }));

  it("names what it would lose, and spells out what it has", () => {
    const fewer = { ...OLD, services: names.filter((name) => name !== "storage" && name !== "analytics") };
    const [violation] = told(transition(state, release(0, { green: {}, blue: fewer })), "T4");
    assert.equal(violation?.where, "sluice:release.blue.services");
    assert.equal(violation.found, "services lose storage and analytics");
    assert.equal(violation.remedy, `pulumi config rm --path 'sluice:release.blue.services' && ${spelt}`);
  });

  it("names what it would gain as well, and brings back first what the stack has no more", () => {
    const to = release(0, { green: {}, blue: { ...OLD, services: ["api-gateway", "extra"] } });
    const extra = { ...without("storage").services, extra: SERVICES["analytics"]! };
    const [violation] = told(transition(state, to, { services: extra }), "T4");
    assert.match(violation!.found, /^services gain extra, services lose voice-service, .* and notification$/);
    assert.match(violation!.remedy, /^put storage back into sluice:services and pulumi config rm /);
    const gains = release(0, { green: {} });
    const more = { services: { ...SERVICES, extra: SERVICES["analytics"]! } };
    assert.equal(told(transition(state, gains, more), "T4")[0]?.found, "services gain extra");
  });

  it("lets a candidate gain some, and neither who is live nor who becomes it", () => {
    const extra = { services: { ...SERVICES, extra: SERVICES["analytics"]! } };
    const own = { ...OLD, services: names };
    const both = (green: number, live: "blue" | "green") => release(green, { live, blue: own });
    assert.deepEqual(told(transition(recorded(both(10, "blue")), both(10, "blue"), extra), "T4"), []);
    const becomes = transition(recorded(both(100, "blue")), both(100, "green"), extra);
    assert.equal(told(becomes, "T4")[0]?.where, "sluice:release.green.services");
    const was = { ...NEW, services: names };
    const leaves = transition(
      recorded(release(100, { green: was })),
      release(100, { live: "green", green: was }),
      extra,
    );
    assert.equal(told(leaves, "T4")[0]?.where, "sluice:release.blue.services");
  });
});

describe("a violation of T4 by what a service is", () => {
  const asked = (part: object) => transition(recorded(release(10)), release(10), storageWith(part));

  it("sets a plain value back, and names both", () => {
    const { port } = SERVICES["storage"]!;
    assert.deepEqual(told(asked({ port: port + 1 }), "T4"), [
      {
        where: "sluice:services.storage.port",
        found: `${port} → ${port + 1}`,
        limit: "a colour with traffic keeps what it runs",
        remedy: set("services.storage.port", port),
      },
    ]);
    assert.doesNotMatch(message(asked({ port: port + 1 }), "T4"), /images of its own/);
  });

  it("says of an image that the registry may be it, and that the candidate may have its own", () => {
    const { image } = SERVICES["storage"]!;
    const other = asked({ image: "registry.example.com/other" });
    assert.equal(
      told(other, "T4")[0]?.remedy,
      `put sluice:services.storage.image or sluice:registry back so that the image is ${image}`,
    );
    assert.match(message(other, "T4"), /, or give the candidate images of its own\.$/);
  });

  it("says of an address that the domain may be it, and of one that goes that the service is internal", () => {
    const api = SERVICES["api-gateway"]!;
    const to = (part: object) =>
      transition(recorded(release(10)), release(10), {
        services: { ...SERVICES, "api-gateway": { ...api, ...part } },
      });
    const [moved] = told(to({ address: "/other" }), "T4");
    assert.deepEqual(
      [moved?.where, moved?.found],
      ["sluice:services.api-gateway.public", `${api.address} → /other`],
    );
    assert.equal(
      moved?.remedy,
      `put sluice:services.api-gateway.public or sluice:domain back so that it is reached at ${api.address}`,
    );
    const { address: _, ...old } = api;
    const from = recorded(release(10), { services: { ...SERVICES, "api-gateway": old } });
    const [gone] = told(
      transition(from, release(10), { services: { ...SERVICES, "api-gateway": { ...old, public: false } } }),
      "T4",
    );
    assert.deepEqual(
      [gone?.found, gone?.remedy],
      [
        "public → internal",
        "put sluice:services.api-gateway.public back: git restore -p Pulumi.<stack>.yaml",
      ],
    );
  });
});

describe("a violation of T10", () => {
  const FREEZE: Freeze = { reason: "an audit", from: START, until: at(3_600) };
  const limits = { ...LIMITS, freezes: [FREEZE] };
  const end = ` until ${at(3_600)}`;
  const still = recorded(release(0));
  const frozen = (to = release(0), changes: Partial<Transition> = {}, from = still) =>
    told(transition(from, to, { limits, ...changes }), "T10").map(({ where, found, remedy }) => [
      where,
      found,
      remedy,
    ]);

  it("brings back a version, removes one where there was none, and sends settings to the file", () => {
    const version = "sluice:release.green.version";
    assert.deepEqual(frozen(release(0, { green: { version: "2.5.0" } })), [
      [version, "2.5.0 on green", set("release.green.version", "2.4.0") + end],
    ]);
    const none = recorded(release(0, { green: {} }));
    assert.deepEqual(frozen(release(0), {}, none), [
      [version, "2.4.0 on green", `pulumi config rm --path '${version}'${end}`],
    ]);
    assert.deepEqual(frozen(release(0, { green: { ...NEW, settings: { KEY: "x" } } })), [
      [
        "sluice:release.green",
        "another manifest of 2.4.0 on green",
        `put sluice:release.green back: git restore -p Pulumi.<stack>.yaml${end}`,
      ],
    ]);
  });

  it("lets the live colour alone go back in place, and not what changes beside it", () => {
    const rolling = (blue: object, green: object = {}) => release(0, { strategy: "rolling", green, blue });
    const trusted = {
      colour: "blue",
      version: "2.4.0",
      at: START,
      predecessor: { colour: "blue", manifest: OLD },
    } as const;
    const from = recorded(rolling(NEW), { trusted });
    assert.deepEqual(frozen(rolling(OLD), {}, from), []);
    const beside = frozen(rolling(OLD, { version: "2.5.0" }), {}, from);
    assert.deepEqual(
      beside.map(([where]) => where),
      ["sluice:release.green.version"],
    );
  });

  it("names what changes of a service, that is not more of it, and less of a colour's capacity", () => {
    const back = "put sluice:services.storage back: git restore -p Pulumi.<stack>.yaml";
    assert.deepEqual(frozen(release(0), storageWith({ replicas: 2, maxReplicas: 99 })), [
      ["sluice:services.storage", "replicas of storage", back + end],
    ]);
    assert.deepEqual(frozen(release(0, { capacity: { green: 50 } })), [
      [
        "sluice:release.capacity.green",
        "a capacity of 50 % for green",
        set("release.capacity.green", 100) + end,
      ],
    ]);
  });
});
