import assert from "node:assert/strict";
import { Parameters } from "../../../cloud/parameters";
import { REGION } from "../../cloud/readers-fixture";
import { type StackInPlace, stackInPlace } from "../reconcile/stack-fixture";
import { slackServer } from "../notify/slack-fixture";

describe("sluice status --notify", function () {
  this.timeout(30_000);
  let place: StackInPlace;
  before(async () => (place = await stackInPlace(10)));
  after(() => place.close());

  const status = () => place.call("status", "-s", "dev", "--notify");

  it("sends a summary to whoever is to be told", async () => {
    const slack = await slackServer();
    const text = await place.text();
    try {
      await new Parameters(REGION).put("/sluice/app/dev/slack", slack.url);
      await place.write(`${text}  sluice:notifications: { slack: /sluice/app/dev/slack }\n`);
      const { printed } = await status();
      assert.equal(slack.sent.length, 1, printed);
      assert.equal(slack.sent[0]!.text, "dev: shift green to 50 %");
    } finally {
      await Promise.all([slack.close(), place.write(text)]);
    }
  });

  it("is no fault where nobody is to be told: a schedule calls it for every stack", async () => {
    const plain = await place.call("status", "-s", "dev");
    const { code, printed } = await status();
    assert.equal(code, plain.code);
    assert.match(
      printed,
      /not notified: .*Pulumi\.dev\.yaml has no sluice:notifications; set it: pulumi config set/,
    );
  });
});
