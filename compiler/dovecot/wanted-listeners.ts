import { type Endpoint, isLocal } from '../catalog/values/endpoint.ts';
import type { Module, Program } from '../ir/ir.ts';
import { takeInventory } from '../ir/walk.ts';
import { addressesOf, type ConfiguredAddress } from '../rules/configured-address.ts';

/** A socket of Dovecot that the configuration connects to. */
export interface WantedListener {
  readonly service: 'lmtp' | 'auth';
  readonly endpoint: Endpoint;
  /** As it is written. */
  readonly address: string;
  /** The first place that names it. */
  readonly wantedBy: ConfiguredAddress;
}

/** Each socket once, in the order of the file. Addresses that depend on the environment are not known before it is. */
export function wantedListeners(program: Program): readonly WantedListener[] {
  const found = new Map<string, WantedListener>();
  for (const wantedBy of addressesOf(program, takeInventory(program))) {
    const { endpoint, module, role, word } = wantedBy;
    const service = role === 'connect' ? serviceOf(module) : null;
    const key = `${service} ${endpoint.network} ${endpoint.address}`;
    if (service === null || found.has(key)) continue;
    found.set(key, { service, endpoint, address: word.value, wantedBy });
  }
  return [...found.values()].toSorted((a, b) => services.indexOf(a.service) - services.indexOf(b.service));
}

const services: readonly WantedListener['service'][] = ['lmtp', 'auth'];

function serviceOf({ entry }: Module): WantedListener['service'] | null {
  if (entry.name === 'target.lmtp') return 'lmtp';
  return entry.name === 'dovecot_sasl' ? 'auth' : null;
}

/** The part of a listener's name by which Dovecot 2.3 takes it for something else than an auth client's (trap D08). */
export function roleInName(name: string): string | null {
  return /-(master|userdb|login|token)$/.exec(name)?.[1] ?? null;
}

/** Passwords cross a network in clear text (trap D26). */
export function sendsPasswordsInClear({ service, endpoint }: WantedListener): boolean {
  return service === 'auth' && !isLocal(endpoint);
}
