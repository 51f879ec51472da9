import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { nowMilliseconds } from "../../../cloud/clock";

/** The ALB's cookie for target group stickiness. */
export const GROUP_COOKIE = "AWSALBTG";

const CIPHER = "aes-128-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;
const END_BYTES = 4;
const GROUP_BYTES = 8;

/**
 * Makes and reads the group stickiness cookie. As with the ALB its value tells a client nothing, and
 * nobody but the load balancer can make one: it is sealed with a key that is new with each instance.
 * It holds the end of its own life, so a client that keeps a cookie too long is not bound for longer.
 */
export class GroupCookies {
  readonly #key = randomBytes(16);
  // Sealing and opening would cost a tenth of the throughput, so what was done is kept for a while: every
  // client bound to a group within one second may have the same value.
  readonly #made = new Recent<string>();
  readonly #read = new Recent<{ end: number; group: Buffer }>();

  constructor(private readonly now: () => number = nowMilliseconds) {}

  /** The value of a `Set-Cookie` header that binds a client to the group for this many seconds from now. */
  bind(groupArn: string, seconds: number): string {
    const end = Math.floor(this.now() / 1000) + seconds;
    return this.#made.get(`${end} ${groupArn}`, () => {
      const value = this.#seal(end, digest(groupArn)).toString("base64");
      return `${GROUP_COOKIE}=${value}; Expires=${new Date(end * 1000).toUTCString()}; Path=/`;
    }) as string;
  }

  /** Which of the groups a request's `Cookie` header binds it to; none if it has no valid cookie for one of them. */
  boundTo(cookieHeader: string | undefined, groupArns: readonly string[]): string | undefined {
    const value = cookieHeader && cookieFrom(cookieHeader, GROUP_COOKIE);
    if (!value) return undefined;
    const opened = this.#read.get(value, () => this.#open(value));
    if (!opened || opened.end * 1000 <= this.now()) return undefined;
    return groupArns.find((arn) => digest(arn).equals(opened.group));
  }

  #seal(end: number, group: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv);
    const endBytes = Buffer.alloc(END_BYTES);
    endBytes.writeUInt32BE(end);
    const sealed = Buffer.concat([cipher.update(Buffer.concat([endBytes, group])), cipher.final()]);
    return Buffer.concat([iv, sealed, cipher.getAuthTag()]);
  }

  #open(value: string): { end: number; group: Buffer } | undefined {
    const sealed = Buffer.from(value, "base64");
    if (sealed.length !== IV_BYTES + END_BYTES + GROUP_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, sealed.subarray(0, IV_BYTES));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const opened = Buffer.concat([
        decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)),
        decipher.final(),
      ]);
      return { end: opened.readUInt32BE(0), group: opened.subarray(END_BYTES) };
    } catch {
      // Not sealed with this key: forged, or from a load balancer that is gone. The ALB ignores such cookies.
      return undefined;
    }
  }
}

/** Keeps what was computed for the latest keys. */
class Recent<T> {
  readonly #values = new Map<string, T | undefined>();

  get(key: string, compute: () => T | undefined): T | undefined {
    if (this.#values.has(key)) return this.#values.get(key);
    // Forgetting all at once is rare and cheap, an order of use kept with each request is neither.
    if (this.#values.size >= 10_000) this.#values.clear();
    const value = compute();
    this.#values.set(key, value);
    return value;
  }
}

/** The value of a cookie in a `Cookie` header. */
function cookieFrom(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

const digests = new Map<string, Buffer>();

/** Stands for a group's ARN in a cookie; kept, because each request needs it. */
function digest(groupArn: string): Buffer {
  let known = digests.get(groupArn);
  if (!known) {
    known = createHash("sha256").update(groupArn).digest().subarray(0, GROUP_BYTES);
    digests.set(groupArn, known);
  }
  return known;
}
