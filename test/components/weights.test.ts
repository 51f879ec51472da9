import assert from "node:assert/strict";
import { sharesIn, sharesLive, strangersIn, targetGroupArn } from "../../components/release/weights";
import { greenAt } from "../../model/release";

const NAMES = { blue: "app-dev-api-blue", green: "app-dev-api-green" };
const NONE = { blue: 0, green: 0 };

const arnOf = (name: string) =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;
const BLUE = arnOf(NAMES.blue);
const GREEN = arnOf(NAMES.green);

const rule = (...targetGroups: { arn: unknown; weight?: number }[]) => ({
  actions: [{ type: "forward", forward: { targetGroups } }],
});

describe("shares in a rule's inputs", () => {
  it("belong to the colour whose target group has them, in any order", () => {
    assert.deepEqual(
      sharesIn(rule({ arn: BLUE, weight: 90 }, { arn: GREEN, weight: 10 }), NAMES),
      greenAt(10),
    );
    assert.deepEqual(
      sharesIn(rule({ arn: GREEN, weight: 10 }, { arn: BLUE, weight: 90 }), NAMES),
      greenAt(10),
    );
  });

  it("are both 0 where there is no rule, or one that forwards to nobody", () => {
    const fixed = { actions: [{ type: "fixed-response" }] };
    for (const inputs of [undefined, {}, rule(), fixed]) assert.deepEqual(sharesIn(inputs, NAMES), NONE);
  });

  it("are percent also of weights that do not sum to 100", () => {
    assert.deepEqual(sharesIn(rule({ arn: BLUE, weight: 3 }, { arn: GREEN, weight: 1 }), NAMES), greenAt(25));
  });

  it("are not another service's, though its name begins or ends alike", () => {
    const alike = [`${NAMES.green}s`, `my-${NAMES.green}`, NAMES.green.slice(1)];
    for (const name of alike) {
      const inputs = rule({ arn: BLUE, weight: 90 }, { arn: arnOf(name), weight: 10 });
      assert.deepEqual(sharesIn(inputs, NAMES), greenAt(0), name);
    }
  });

  it("are told by place while a preview does not know the target groups yet", () => {
    const unknown = {};
    assert.deepEqual(
      sharesIn(rule({ arn: unknown, weight: 60 }, { arn: unknown, weight: 40 }), NAMES),
      greenAt(40),
    );
    assert.deepEqual(
      sharesIn(rule({ arn: BLUE, weight: 60 }, { arn: unknown, weight: 40 }), NAMES),
      greenAt(40),
    );
  });
});

describe("shares at the load balancer", () => {
  it("are percent of both colours' weights, by target group", () => {
    assert.deepEqual(sharesLive({ [GREEN]: 10, [BLUE]: 90 }, NAMES), greenAt(10));
    assert.deepEqual(sharesLive({ [BLUE]: 1, [GREEN]: 2 }, NAMES), greenAt(67));
    assert.deepEqual(sharesLive({}, NAMES), NONE);
  });
});

describe("strangers at the load balancer", () => {
  const both = rule({ arn: BLUE, weight: 90 }, { arn: GREEN, weight: 10 });
  const other = arnOf("maintenance");

  it("are target groups with a weight that the inputs do not name", () => {
    assert.deepEqual(strangersIn({ [BLUE]: 90, [GREEN]: 10 }, both), []);
    assert.deepEqual(strangersIn({ [BLUE]: 90, [GREEN]: 10, [other]: 1 }, both), ["maintenance"]);
    assert.deepEqual(strangersIn({ [other]: 0 }, both), [], "it gets nothing");
    assert.deepEqual(strangersIn({ [other]: 1 }, rule({ arn: other, weight: 1 })), [], "the state knows it");
  });
});

describe("a colour's target group", () => {
  const both = rule({ arn: BLUE, weight: 90 }, { arn: GREEN, weight: 10 });

  it("is found by its name", () => {
    assert.equal(targetGroupArn(both, "green", NAMES), GREEN);
    assert.equal(targetGroupArn(both, "blue", NAMES), BLUE);
  });

  it("is none while it is not known, or where another has its place", () => {
    assert.equal(targetGroupArn(rule({ arn: BLUE }, { arn: {} }), "green", NAMES), undefined);
    assert.equal(targetGroupArn(rule({ arn: BLUE }, { arn: arnOf("other") }), "green", NAMES), undefined);
    assert.equal(targetGroupArn(undefined, "green", NAMES), undefined);
  });
});
