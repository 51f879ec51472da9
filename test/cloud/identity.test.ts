import assert from "node:assert/strict";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Identity } from "../../cloud/identity";
import { REGION, pointAt } from "./readers-fixture";

const ANSWER =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  "<Arn>arn:aws:iam::123456789012:user/ana</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>";

describe("who calls, and AWS's clock", () => {
  let server: Server;
  let putBack: () => void;
  let date: string | undefined;
  before(async () => {
    server = createServer((_, response) => {
      response.sendDate = false;
      response.writeHead(200, { "content-type": "text/xml", ...(date !== undefined && { date }) });
      response.end(ANSWER);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    putBack = pointAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  after(() => {
    putBack();
    server.closeAllConnections();
    server.close();
  });

  const dated = (seconds: number) => (date = new Date(Date.now() + seconds * 1000).toUTCString());

  for (const seconds of [-3_600, 0, 90]) {
    it(`differs by ${-seconds} s where AWS dates its answer ${seconds} s from now`, async () => {
      dated(seconds);
      const { arn, skewSeconds } = await new Identity(REGION).callerAndClock();
      assert.equal(arn, "arn:aws:iam::123456789012:user/ana");
      assert.ok(Math.abs(skewSeconds + seconds) < 5, `${skewSeconds}`);
    });
  }

  it("looks at the clock anew each time", async () => {
    const identity = new Identity(REGION);
    dated(0);
    await identity.callerAndClock();
    dated(500);
    assert.ok((await identity.callerAndClock()).skewSeconds < -490);
  });

  it("is not known where the answer has no date", async () => {
    date = undefined;
    await assert.rejects(new Identity(REGION).callerAndClock(), /without a date/);
    assert.equal(await new Identity(REGION).caller(), "arn:aws:iam::123456789012:user/ana");
  });
});
