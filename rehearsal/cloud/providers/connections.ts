import type { Values } from "./values";

/** What the engine has said on one connection. */
export interface Connection {
  /** The provider's configuration; undefined until Configure. */
  provider?: Values;
  readonly cancelled: AbortController;
}

/** Engines end without a word; of connections older than this many newer ones none is in use. */
const KEPT = 1000;

/**
 * The engine opens one connection for each provider resource of the program, and says nothing else by which
 * calls on behalf of different provider resources can be told apart.
 */
export class Connections {
  readonly #byPeer = new Map<string, Connection>();

  of(peer: string): Connection {
    const known = this.#byPeer.get(peer);
    if (known) return known;
    const connection: Connection = { cancelled: new AbortController() };
    this.#byPeer.set(peer, connection);
    const [oldest] = this.#byPeer.keys();
    if (this.#byPeer.size > KEPT && oldest !== undefined) this.#byPeer.delete(oldest);
    return connection;
  }

  /** A new engine process may get the port of one that is gone: a handshake begins afresh. */
  begin(peer: string): void {
    this.#byPeer.delete(peer);
    this.of(peer);
  }
}
