import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReleaseOutput } from "../../model/recorded";
import type { Shares } from "../../model/release";
import { type LocalStack, localStack, stoppedClock } from "./fixture";

interface Resource {
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** A checkpoint, as `pulumi stack export` gives it. */
interface Checkpoint {
  readonly deployment: { readonly resources: Resource[] };
}

/** What an earlier update would have left behind, were it another one. */
export interface Remembered {
  /** Of the stack's `release` output. */
  readonly release?: Partial<ReleaseOutput>;
  /** Of every weighted rule, in state and at the load balancer. */
  readonly shares?: Shares;
}

/** A stack whose history can be made up: what it deployed is real, and what its state says of it is set. */
export interface MadeUp extends LocalStack {
  /** As an update left it at last. */
  readonly left: ReleaseOutput;
  /** Sets what the state says; without an argument, what is so. */
  remember(made: Remembered): Promise<void>;
  /** A preview at a moment, with no policy pack. */
  judgedAt(now: string): Promise<{ result: string; said: string }>;
}

/** @param prepare brings the stack to where its histories begin */
export async function madeUp(prepare: (local: LocalStack) => Promise<void>): Promise<MadeUp> {
  const clock = await stoppedClock();
  const local = await localStack();
  const dir = await mkdtemp(join(tmpdir(), "sluice-state-"));
  const file = join(dir, "state.json");
  const close = async () => {
    await local.close();
    await clock.close();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await prepare(local);
    await local.byHand(`pulumi stack export -s dev --file ${file}`);
    const text = await readFile(file, "utf8");
    const left = outputsOf(JSON.parse(text) as Checkpoint)["release"] as ReleaseOutput;
    const stopped = await local.openedWith(clock.env);
    return {
      ...local,
      left,
      remember: async (made) => {
        await writeFile(file, JSON.stringify(changed(JSON.parse(text) as Checkpoint, made)));
        await local.byHand(`pulumi stack import -s dev --file ${file}`);
      },
      judgedAt: async (now) => {
        await clock.stopAt(now);
        const { result, diagnostics } = await stopped.preview();
        return { result, said: diagnostics.join("\n") };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const outputsOf = ({ deployment }: Checkpoint): Record<string, unknown> =>
  deployment.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};

function changed(checkpoint: Checkpoint, { release, shares }: Remembered): Checkpoint {
  const outputs = outputsOf(checkpoint);
  outputs["release"] = { ...(outputs["release"] as ReleaseOutput), ...release };
  if (shares) for (const resource of checkpoint.deployment.resources) setShares(resource, shares);
  return checkpoint;
}

function setShares({ type, inputs, outputs }: Resource, shares: Shares): void {
  const tags = outputs?.["tags"] as Record<string, string> | undefined;
  if (type !== "aws:lb/listenerRule:ListenerRule" || tags?.["sluice:role"] !== "weighted") return;
  for (const half of [inputs, outputs]) {
    const actions = half?.["actions"] as { forward: { targetGroups: { arn: string; weight: number }[] } }[];
    for (const group of actions[0]!.forward.targetGroups) {
      group.weight = /green/.test(group.arn) ? shares.green : shares.blue;
    }
  }
}
