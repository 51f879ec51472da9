import assert from "node:assert/strict";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { CONTROLS, type Control, type Judged, judges } from "../../model/controls";
import { startCloud } from "../../rehearsal/cloud/start";
import { recorded } from "../controls/stacks";
import { type Closing, PATIENCE, PROJECT, type Probe, type Probed, closeAll, probe } from "./fixture";

/** One control of each of the platform's rules, and the resource of prod on which it is tried. */
const TRIED = [
  ["S1", "S1", "storage-blue"],
  ["S2", "S2 targets", "api-gateway-blue"],
  ["S3", "S3 probes", "storage-blue"],
  ["S4", "RDS.3", "voiceassist-prod"],
  ["S5", "ELB.17", "voiceassist-prod-https"],
] as const;

const probed = ({ type, name, inputs }: Judged): Probed => ({ type, name, inputs: { ...inputs } });

/** One resource of the real program, as it is or with one property broken, and no program to refuse it. */
describe("the platform's policy pack alone, in a preview of the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let program: Probe;
  let resources: readonly Judged[];

  before(async () => {
    ({ resources } = await recorded("prod"));
    const cloud = await startCloud();
    opened.push({ close: () => cloud.stop() });
    program = await probe(cloud);
    opened.push(program);
  });
  after(() => closeAll(opened));

  /** What a Deployment is judged together with. */
  const budget = () => resources.filter(({ type, name }) => /Budget$/.test(type) && name === "storage-blue");

  const preview = async (registered: readonly Judged[]) => {
    await program.set([...budget(), ...registered].map(probed));
    const violations: string[] = [];
    const onEvent = ({ policyEvent }: EngineEvent) =>
      policyEvent?.enforcementLevel === "mandatory" && violations.push(policyEvent.policyName);
    const policyPacks = [join(PROJECT, "policies", "platform")];
    const { result, diagnostics } = await program.stack.preview({ policyPacks, onEvent });
    return { result, said: diagnostics.join("\n"), rules: [...new Set(violations)] };
  };

  const tried = (id: string, name: string): [Control, Judged] => {
    const control = CONTROLS.find((one) => one.id === id);
    const one = control && resources.find((each) => each.name === name && isJudged(control, each));
    assert.ok(control && one, `${id} judges nothing that is named ${name}`);
    return [control, one];
  };
  const isJudged = (control: Control, one: Judged) => judges(control, one, resources, "prod");

  for (const [rule, id, name] of TRIED) {
    it(`fails by ${rule} over ${name} with one property broken, that of ${id}`, async () => {
      const [control, one] = tried(id, name);
      const broken = control.flip(one, [one]);
      const { result, said, rules } = await preview(broken);
      assert.deepEqual([result, rules], ["failed", [rule]], said);
      assert.match(said, new RegExp(`\\b${id}\\b`));
    });
  }

  it("passes each of them as the program has it", async () => {
    const unbroken = new Set(TRIED.map(([, id, name]) => tried(id, name)[1]));
    const { result, said } = await preview([...unbroken]);
    assert.equal(result, "succeeded", said);
  });
});
