import { isUtf8 } from 'node:buffer';

/** What a server mechanism wants next. `challenge` is plain text, the protocol around it encodes it. */
export type ExchangeStep =
  | { readonly kind: 'challenge'; readonly text: string }
  | { readonly kind: 'credentials'; readonly user: string; readonly password: string }
  /** Not what the mechanism's grammar says. */
  | { readonly kind: 'malformed' }
  /** Well formed, and refused without asking anybody: an authorization identity other than the user. */
  | { readonly kind: 'refused'; readonly user: string; readonly reason: string };

/** Server side of one authentication. `response` is null when the client sent no initial response. */
export interface Exchange {
  step(response: Buffer | null): ExchangeStep;
}

/** RFC 4616. */
class PlainExchange implements Exchange {
  step(response: Buffer | null): ExchangeStep {
    if (response === null) return { kind: 'challenge', text: '' };
    const parts = isUtf8(response) ? response.toString('utf8').split('\0') : [];
    const [authorization, user, password] = parts;
    if (parts.length !== 3 || authorization === undefined || user === undefined || password === undefined) {
      return { kind: 'malformed' };
    }
    if (authorization !== '' && authorization !== user) {
      return { kind: 'refused', user, reason: 'authorization identity is not the user name' };
    }
    return { kind: 'credentials', user, password };
  }
}

/** draft-murchison-sasl-login: two questions, the first of which the client may answer unasked. */
class LoginExchange implements Exchange {
  #user: string | null = null;

  step(response: Buffer | null): ExchangeStep {
    if (response === null) return { kind: 'challenge', text: 'Username:' };
    if (!isUtf8(response) || response.includes(0)) return { kind: 'malformed' };
    const text = response.toString('utf8');
    if (this.#user !== null) return { kind: 'credentials', user: this.#user, password: text };
    this.#user = text;
    return { kind: 'challenge', text: 'Password:' };
  }
}

const exchanges = {
  PLAIN: () => new PlainExchange(),
  LOGIN: () => new LoginExchange(),
} satisfies Record<string, () => Exchange>;

/** Mechanisms whose server side is here, by the name that clients use. */
export type MechanismName = keyof typeof exchanges;

/** A new exchange of the mechanism, if it is among those `offered`; names in any case. */
export function startExchange(name: string, offered: readonly MechanismName[]): Exchange | null {
  const wanted = offered.find((mechanism) => mechanism === name.toUpperCase());
  return wanted === undefined ? null : exchanges[wanted]();
}
