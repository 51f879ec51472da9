import type { Engine } from "./engine";
import { reasonOf } from "./failure";

/** What the state has, or why nobody could see. A stack that was never deployed has nothing, and is seen. */
export async function stateOf(engine: Engine) {
  try {
    const { recorded } = await engine.state();
    return { recorded, unseen: [] };
  } catch (error) {
    return { recorded: undefined, unseen: [`the state could not be observed: ${reasonOf(error)}`] };
  }
}
