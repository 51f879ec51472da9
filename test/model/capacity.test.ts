import assert from "node:assert/strict";
import { nodesNeeded, processorsNeeded } from "../../model/capacity";
import { defaultServices } from "../../model/services";

describe("capacity", () => {
  it("is asked for both colours at full size, as the guide's sizes say", () => {
    assert.equal(processorsNeeded(defaultServices("voiceassist", "dev")), 6);
    assert.equal(processorsNeeded(defaultServices("voiceassist", "staging")), 24);
    assert.equal(processorsNeeded(defaultServices("voiceassist", "prod")), 68);
  });

  it("leaves room on each node for what runs on every node", () => {
    assert.equal(nodesNeeded(6.8, 4), 2);
    assert.equal(nodesNeeded(6.9, 4), 3);
    assert.equal(nodesNeeded(0, 4), 0);
  });
});
