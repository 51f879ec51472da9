import assert from "node:assert/strict";
import { fallbacksIn, fallbacksSince } from "../../rehearsal/fallbacks";

const EXPOSITION = `# TYPE provider_fallback_count counter
provider_fallback_count{from="groq",to="openai"} 3
provider_fallback_count{to="openai",from="groq"} 4
provider_fallback_count{from="openai",to="groq"} 1
provider_request_count{provider="groq",status="error"} 7
`;

describe("fallbacks", () => {
  it("are added up over pods, by from whom to whom", () => {
    assert.deepEqual(fallbacksIn(EXPOSITION), [
      { from: "groq", to: "openai", count: 7 },
      { from: "openai", to: "groq", count: 1 },
    ]);
    assert.deepEqual(fallbacksIn(""), []);
  });

  it("are those since a look before, and none where there were none since", () => {
    const after = fallbacksIn(EXPOSITION);
    assert.deepEqual(fallbacksSince([{ from: "groq", to: "openai", count: 5 }], after), [
      { from: "groq", to: "openai", count: 2 },
      { from: "openai", to: "groq", count: 1 },
    ]);
    assert.deepEqual(fallbacksSince(after, after), []);
  });
});
