import assert from "node:assert/strict";
import fc from "fast-check";
import { secondsOf } from "../../rehearsal/cloud/cluster/external-secrets/interval";
import { render } from "../../rehearsal/cloud/cluster/external-secrets/template";

const VALUES = { username: "app", password: "p@ss/w:rd +", "auth-token": "t" };

describe("templates of an ExternalSecret", () => {
  it("put fields into text", () => {
    assert.equal(render("user={{ .username }};{{.username}}", VALUES), "user=app;app");
  });

  it("pipe a field through functions, and call functions on it", () => {
    assert.equal(render("{{ .password | urlquery }}", VALUES), "p%40ss%2Fw%3Ard+%2B");
    assert.equal(render("{{ urlquery .password }}", VALUES), "p%40ss%2Fw%3Ard+%2B");
    assert.equal(render('{{ index . "auth-token" | b64enc | quote }}', VALUES), '"dA=="');
    assert.equal(render("{{ (.username | upper) | lower }}", VALUES), "app");
    assert.equal(render('{{ "" | default "none" }}', VALUES), "none");
  });

  it("leave out the blanks that a hyphen asks for, and comments", () => {
    assert.equal(render("a {{- .username -}} b{{/* why */}}", VALUES), "aappb");
  });

  it("take one of two ways by what matches, and fail where the one they take says so", () => {
    const whole =
      '{{ if regexMatch `^[a-z]{3}$` .username }}{{ .username }}{{ else }}{{ fail "no user" }}{{ end }}';
    assert.equal(render(`user={{ .username }};${whole}`, VALUES), "user=app;app");
    assert.throws(() => render(whole, { username: "{{ .x }}" }), /error calling fail: no user/);
    assert.throws(() => render(whole, {}), /no entry for key "username"/);
  });

  it("refuse what they do not know, rather than say nothing", () => {
    const faults: readonly (readonly [string, RegExp])[] = [
      ["{{ .host }}", /no entry for key "host"/],
      ["{{ .username | sha256sum }}", /function "sha256sum" not defined/],
      ["{{ .username | constructor }}", /function "constructor" not defined/],
      ["{{ if .username }}x{{ end }}", /function "if" not defined/],
      ["{{ .username.first }}", /unexpected/],
      ["{{ }}", /unexpected end/],
      ["{{ upper .username .password }}", /wrong number of args/],
      ["{{ .username .password }}", /unexpected/],
    ];
    for (const [template, message] of faults)
      assert.throws(() => render(template, VALUES), message, template);
  });

  it("make a URL of any password that reads back as it was", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (password) => {
        fc.pre(!password.includes(" "));
        const url = render("postgresql://app:{{ .password | urlquery }}@db:5432/x", { password });
        assert.equal(decodeURIComponent(new URL(url).password), password);
      }),
    );
  });
});

describe("a refresh interval", () => {
  it("is read as Go writes durations", () => {
    assert.deepEqual(["30s", "1h30m", "500ms", "0"].map(secondsOf), [30, 5400, 0.5, 0]);
    for (const wrong of ["", "5", "1d", "m5"]) assert.throws(() => secondsOf(wrong), /invalid duration/);
  });
});
