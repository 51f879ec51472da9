import { type Entrance, PreviewRules } from "../../cloud/previewRules";
import type { Colour } from "../../model/release";
import type { Seen } from "../../model/rollout/seen";
import type { Question } from "../../model/validation";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import { type Sender, senderTo } from "./request";

/** By service, what sends to it. */
export type Senders = ReadonlyMap<string, Sender>;

/** Senders to a colour of each service, by its header rules. It never throws. */
export async function sendersFor(
  questions: readonly Question[],
  { app, environment, region }: Subject,
  colour: Colour,
  isBehindCloudFront: boolean,
): Promise<Seen<Senders>> {
  try {
    const entrances = await new PreviewRules(region).of(app, environment, colour);
    const services = [...new Set(questions.map(({ service }) => service))];
    const lacking = services.filter((service) => !entrances.some((one) => one.service === service));
    if (lacking.length > 0) {
      return {
        unseen: `no rule takes the preview header to ${lacking.join(", ")} ${colour}; deploy the stack`,
      };
    }
    const used = entrances.filter(({ service }) => services.includes(service));
    const to = addresses(used, isBehindCloudFront);
    return { value: new Map(used.map((one) => [one.service, senderTo(to(one), one)])) };
  } catch (error) {
    return { unseen: `the way to ${colour} could not be observed: ${reasonOf(error)}` };
  }
}

/**
 * Where requests for an entrance go. Behind CloudFront the load balancer lets in nobody else, so they come by the
 * host's public name; a service that is told apart by its path is behind any of them.
 */
function addresses(entrances: readonly Entrance[], isBehindCloudFront: boolean): (entrance: Entrance) => URL {
  const elsewhere = process.env["SLUICE_BALANCER_URL"];
  if (elsewhere) {
    if (!/^https?:/.test(elsewhere) || !URL.canParse(elsewhere)) {
      throw new Error(
        `SLUICE_BALANCER_URL: found ${elsewhere}; allowed is a URL such as http://127.0.0.1:8080`,
      );
    }
    return () => new URL(elsewhere);
  }
  if (!isBehindCloudFront) return ({ origin }) => new URL(origin);
  const any = entrances.find(({ host }) => host !== undefined)?.host;
  return ({ host = any }) => {
    if (host === undefined) {
      throw new Error("no service has a host by which CloudFront is found; name one in SLUICE_BALANCER_URL");
    }
    return new URL(`https://${host}`);
  };
}
