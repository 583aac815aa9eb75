import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Clock } from '../../src/domain/clock.js';

export const AUDIENCE = 'https://gatehouse.test';
/** Seconds since the epoch. */
export const NOW = 1_800_000_000;

export class TestClock implements Clock {
  /** Milliseconds since the epoch. */
  time = NOW * 1000;
  now(): number {
    return this.time;
  }
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const rsaKeys = (modulusLength = 2048): KeyPair => generateKeyPairSync('rsa', { modulusLength });
export const ecKeys = (namedCurve: string): KeyPair => generateKeyPairSync('ec', { namedCurve });
export const edKeys = (): KeyPair => generateKeyPairSync('ed25519');

export const jwk = ({ publicKey }: KeyPair, kid: string, more: object = {}): JsonWebKey => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  ...more,
});

/** An HTTP server that counts its requests and answers each with the keys that it has at that moment. */
export class TestIssuer {
  keys: JsonWebKey[] = [];
  requests = 0;
  /** Replaces the ordinary answer. */
  answer: ((response: ServerResponse) => void) | null = null;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((_, response) => {
      this.requests++;
      if (this.answer !== null) this.answer(response);
      else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.keys }));
    });
  }

  static async start(): Promise<TestIssuer> {
    const issuer = new TestIssuer();
    await new Promise<void>((resolve) => issuer.server.listen(0, '127.0.0.1', resolve));
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get config(): { issuer: string; audience: string; jwksUrl: string } {
    return { issuer: this.url, audience: AUDIENCE, jwksUrl: `${this.url}/jwks` };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
