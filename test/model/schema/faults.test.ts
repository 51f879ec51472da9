import assert from "node:assert/strict";
import {
  SettingsError,
  format,
  isRecord,
  line,
  nearest,
  remove,
  set,
  show,
  suggestion,
} from "../../../model/schema/faults";

describe("a path of configuration", () => {
  it("is written as Pulumi reads it: dots before plain names, brackets around all else", () => {
    assert.equal(format(["release"]), "sluice:release");
    assert.equal(format(["a", "b_c", "d-e", 0, 12]), "sluice:a.b_c.d-e[0][12]");
    assert.equal(format(["a", "b.c", "1st", 'q"q', ""]), 'sluice:a["b.c"]["1st"]["q\\"q"][""]');
    assert.equal(format(["a.b", "c"]), 'sluice:"a.b".c');
    assert.equal(format(["é"]), 'sluice:"é"');
  });
});

describe("a command of Pulumi", () => {
  it("sets a key as it is, and a path with --path and quotes", () => {
    assert.equal(set(["app"], "voice"), "pulumi config set sluice:app voice");
    assert.equal(set(["a", "b"], "voice"), "pulumi config set --path 'sluice:a.b' voice");
    assert.equal(remove(["app"]), "pulumi config rm sluice:app");
    assert.equal(remove(["a", 1]), "pulumi config rm --path 'sluice:a[1]'");
  });

  it("says that digits and truth values are text where they are, and only on a path", () => {
    assert.equal(set(["a", "b"], "24"), "pulumi config set --path --type string 'sluice:a.b' 24");
    for (const text of ["0", "-1", "true", "false"]) {
      assert.match(set(["a", "b"], text), / --type string /, text);
    }
    for (const text of ["2.4", "v2", "2x", "x2", "truest", "untrue", "falsehood", "not-false", "a-1"]) {
      assert.doesNotMatch(set(["a", "b"], text), /--type/, text);
    }
    assert.equal(set(["a", "b"], 24), "pulumi config set --path 'sluice:a.b' 24");
    assert.equal(set(["a"], "24"), "pulumi config set sluice:a 24");
  });

  it("quotes for the shell whatever that would take for something else", () => {
    assert.equal(set(["a", "it's"], "$(x) y"), `pulumi config set --path 'sluice:a["it'\\''s"]' '$(x) y'`);
    assert.equal(set(["a", "x'y'z"], "v"), `pulumi config set --path 'sluice:a["x'\\''y'\\''z"]' v`);
    assert.equal(remove(["a", "x'y'z"]), `pulumi config rm --path 'sluice:a["x'\\''y'\\''z"]'`);
    assert.equal(set(["a"], "it's o'clock"), `pulumi config set sluice:a 'it'\\''s o'\\''clock'`);
    assert.equal(set(["a b"], "v"), `pulumi config set 'sluice:"a b"' v`);
    assert.equal(remove(["a b"]), `pulumi config rm 'sluice:"a b"'`);
    assert.equal(set(["a"], ""), "pulumi config set sluice:a ''");
    for (const plain of ["a.b:c/d@e%f+g=h,i-j_1"]) assert.ok(set(["a"], plain).endsWith(` ${plain}`));
    for (const special of ["a;b", "<zone>", "a\nb", "*", "#x", " a", "a "]) {
      assert.ok(set(["a"], special).endsWith(`'${special}'`), special);
    }
  });
});

describe("a value in a fault", () => {
  it("is shown as JSON on one line, cut after 60 characters", () => {
    assert.equal(show({ a: [1, "b"] }), '{"a":[1,"b"]}');
    assert.equal(show(null), "null");
    assert.equal(show("x".repeat(58)), `"${"x".repeat(58)}"`);
    assert.equal(show("x".repeat(59)), `"${"x".repeat(59)}…`);
  });

  it("is named by its type where JSON has no word for it", () => {
    const round: Record<string, unknown> = {};
    round["itself"] = round;
    assert.equal(show(undefined), "nothing");
    assert.equal(
      show(() => 1),
      "function",
    );
    assert.equal(show(Symbol("s")), "symbol");
    assert.equal(show(1n), "bigint");
    assert.equal(show(round), "object");
  });

  it("has keys where it is an object, and no list", () => {
    assert.ok(isRecord({}));
    for (const other of [null, undefined, [], "text", 1, () => 1]) assert.ok(!isRecord(other));
  });
});

describe("the word that was meant", () => {
  const WORDS = ["blue-green", "canary", "rolling", "traffic", "green", "dev"];

  it("is the one that the fewest edits lead to: a letter too many, too few, wrong, in any case", () => {
    for (const [written, meant] of [
      ["canary", "canary"],
      ["CANARY", "canary"],
      ["canarry", "canary"],
      ["canry", "canary"],
      ["cenary", "canary"],
      ["rollling", "rolling"],
      ["tarffic", "traffic"],
      ["blue_green", "blue-green"],
      ["greem", "green"],
      ["reen", "green"],
      ["de", "dev"],
    ] as const) {
      assert.equal(nearest(written, WORDS), meant, written);
    }
    assert.equal(nearest("abcd", ["abxx", "abcx", "axxx"]), "abcx");
    assert.equal(nearest("ABCD", ["ABCX"]), "ABCX");
  });

  it("is none where a third of the word or more is other", () => {
    assert.equal(nearest("traxxxx", WORDS), undefined);
    assert.equal(nearest("xxnary", WORDS), "canary");
    assert.equal(nearest("xxxary", WORDS), undefined);
    assert.equal(nearest("", WORDS), undefined);
    assert.equal(nearest("abcdefghijklm", ["abcdefgh"]), "abcdefgh");
    assert.equal(nearest("xabcdefghijklmno", ["abcdefghijklmnop"]), "abcdefghijklmnop");
    assert.equal(nearest("klmnopabcdefghij", ["abcdefghij"]), undefined);
  });

  it("is the beginning of what was written, of three letters at least", () => {
    assert.equal(nearest("development", WORDS), "dev");
    assert.equal(nearest("DEVELOPMENT", ["Dev"]), "Dev");
    assert.equal(nearest("development", ["de"]), undefined);
    assert.equal(nearest("my-development", WORDS), undefined);
    assert.equal(nearest("production", ["prod", "production1"]), "production1");
  });

  it("is suggested in words, or nothing is", () => {
    assert.equal(suggestion("canry", WORDS), '; did you mean "canary"?');
    assert.equal(suggestion("zzz", WORDS), "");
  });
});

describe("the line of a fault", () => {
  const fault = { path: "sluice:a", found: 5, allowed: "a text", remedy: "pulumi config rm sluice:a" };

  it("has place, finding, what is allowed and what mends it, in this order", () => {
    assert.equal(line(fault), "sluice:a: found 5; allowed: a text; mend it: pulumi config rm sluice:a");
  });

  it("stays one line: what would break it is one blank, however much of it there is", () => {
    assert.match(line({ ...fault, path: "a\r\n\u0000b\u2028c\u007fd" }), /^a b c d: /);
  });

  it("is one of a settings error's lines, which has every fault", () => {
    const error = new SettingsError([fault, { ...fault, path: "sluice:b" }]);
    assert.equal(error.name, "SettingsError");
    assert.deepEqual(
      error.message.split("\n").map((each) => each.slice(0, 9)),
      ["sluice:a:", "sluice:b:"],
    );
    assert.equal(error.faults.length, 2);
  });
});
