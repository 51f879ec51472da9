import type { Pending } from "../../model/lock";
import type { Seen } from "../../model/rollout/seen";
import type { Engine } from "../engine";
import { reasonOf } from "../failure";
import { called, complaint } from "./command";

interface Exported {
  readonly deployment?: {
    readonly pending_operations?: readonly {
      readonly resource: { readonly urn: string };
      readonly type: string;
    }[];
  } | null;
}

/** What the last update had begun and not ended, by the stack's state. It never throws. */
export async function pendingIn({
  folder,
  stack,
}: Pick<Engine, "folder" | "stack">): Promise<Seen<readonly Pending[]>> {
  try {
    const ended = await called("pulumi", ["stack", "export", "-s", stack, "--non-interactive"], folder);
    if (!ended) return { unseen: "no pulumi on PATH" };
    if (ended.code !== 0) return { unseen: `pulumi stack export: ${complaint(ended)}` };
    const { deployment } = JSON.parse(ended.out) as Exported;
    return {
      value: (deployment?.pending_operations ?? []).map(({ resource, type }) => ({
        urn: resource.urn,
        operation: type,
      })),
    };
  } catch (error) {
    return { unseen: reasonOf(error) };
  }
}
