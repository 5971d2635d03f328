import type { Program } from '../ir/ir.ts';
import { takeInventory } from '../ir/walk.ts';
import { certificatesIn } from './certificate-use.ts';
import { addressesOf } from './configured-address.ts';

/** What rules want to know of the machine. */
export interface HostQuestions {
  readonly paths: readonly string[];
  readonly certificates: readonly string[];
  readonly pairs: readonly { readonly certificate: string; readonly key: string }[];
}

/** All that `HostFacts` must hold for the rules of this configuration. */
export function hostQuestions(program: Program): HostQuestions {
  const inventory = takeInventory(program);
  const sockets = addressesOf(program, inventory)
    .filter(({ role, endpoint }) => role === 'connect' && endpoint.network === 'unix')
    .map(({ endpoint }) => endpoint.path);
  const uses = certificatesIn(program, inventory);
  const certificates = uses.map(({ certificate }) => certificate.path);
  const keys = uses.map(({ key }) => key.path);
  return {
    paths: [...new Set([...sockets, ...certificates, ...keys])],
    certificates: [...new Set(certificates)],
    pairs: uses.map(({ certificate, key }) => ({ certificate: certificate.path, key: key.path })),
  };
}
