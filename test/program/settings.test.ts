import assert from "node:assert/strict";
import { type Closing, type LocalStack, PATIENCE, closeAll, localStack } from "./fixture";

/** Ten things that are wrong, each by itself. */
const FAULTY = `config:
  aws:region: us-east-1
  sluice:app: Voice_Assist
  sluice:environment: production
  sluice:registry: https://registry.example.com/
  sluice:domian: voiceassist.example.com
  sluice:services:
    api-gateway: { port: 80800 }
    storage: { replica: 2 }
  sluice:limits: { step: 0 }
  sluice:release:
    strategy: canary
    live: red
    traffic: { blue: 90, green: 20 }
    blue: { version: latest }
    green: {}
`;

describe("a stack file with ten faults", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let local: LocalStack;
  before(async () => {
    local = await localStack();
    opened.push(local);
  });
  after(() => closeAll(opened));

  it("gets one message with ten lines, and registers nothing", async () => {
    await local.copy.write(FAULTY);
    const touched = new Set<string>();
    const { result, diagnostics } = await local.stack.up({
      onEvent: ({ resourcePreEvent }) => resourcePreEvent && touched.add(resourcePreEvent.metadata.type),
    });
    assert.equal(result, "failed");
    assert.deepEqual([...touched], ["pulumi:pulumi:Stack"], "the engine's own root, and nothing of ours");
    const messages = diagnostics.filter((text) => text.includes("sluice:"));
    assert.equal(messages.length, 1, diagnostics.join("\n---\n"));
    const lines = messages[0]!.split("\n").filter((line) => /sluice:\S+: found /.test(line));
    assert.equal(lines.length, 10, messages[0]);
  });

  it("and a secret among its values gets one more, and the secret stays one", async () => {
    await local.byHand("pulumi config set -s dev --secret --path sluice:release.blue.settings.KEY hunter2");
    const { result, diagnostics } = await local.stack.preview();
    assert.equal(result, "failed");
    assert.match(diagnostics.join("\n"), /sluice:release: found "\(a secret\)"; allowed: no secret/);
    assert.doesNotMatch(diagnostics.join("\n"), /hunter2/);
  });
});
