import type { World } from "../../world";
import type { Values } from "../behaviour";
import { findBy, textOf } from "./recipe";

/** The policies that CloudFront has for everybody, by name, with the ids that AWS publishes. */
const MANAGED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CachePolicy: {
    "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "Managed-CachingOptimizedForUncompressedObjects": "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
    UseOriginCacheControlHeaders: "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
    "UseOriginCacheControlHeaders-QueryStrings": "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
  },
  OriginRequestPolicy: {
    "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "Managed-AllViewerAndCloudFrontHeaders-2022-06": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
    "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "Managed-CORS-CustomOrigin": "59781a5b-3903-41f3-afcb-af62929ccde1",
    "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    "Managed-UserAgentRefererHeaders": "acba4595-bd28-49b8-b9fe-13317c0390fa",
  },
  ResponseHeadersPolicy: {
    "Managed-CORS-With-Preflight": "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
    "Managed-CORS-and-SecurityHeadersPolicy": "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    "Managed-CORS-with-preflight-and-SecurityHeadersPolicy": "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
    "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
    "Managed-SimpleCORS": "60669652-455b-4ae9-85a4-c4c02393f86c",
  },
};

type Function = (args: Values, scope: unknown, world: World) => Values;

/** Finds a policy by its name or its id, AWS's own or one of the world. What AWS's own say is left empty. */
const policy =
  (noun: string): Function =>
  (args, _, world): Values => {
    const [name, id] = [textOf(args.name), textOf(args.id)];
    const type = `aws:cloudfront/${noun.charAt(0).toLowerCase()}${noun.slice(1)}:${noun}`;
    const held = id ? world.get(type, id) : findBy(world, type, "name", name);
    if (held) return { ...(held.properties as Values), id: held.id };
    const managed = Object.entries(MANAGED[noun]!).find(([own, ownId]) => own === name || ownId === id);
    if (!managed) throw new Error(`no matching CloudFront ${noun} (${name || id})`);
    return { id: managed[1], name: managed[0], arn: "", comment: "", etag: "E23ZP02F085DFQ" };
  };

/** Looks CloudFront's policies up. */
export const CLOUDFRONT_FUNCTIONS: Readonly<Record<string, Function>> = Object.fromEntries(
  Object.keys(MANAGED).map((noun) => [`aws:cloudfront/get${noun}:get${noun}`, policy(noun)]),
);
