import type { Finding } from "../../model/doctor";

/** A part of the set-up that is being looked at. */
export interface Check {
  readonly name: string;
  readonly look: Promise<Finding>;
}
