import type { AddressClass } from '../prove/address-class.ts';

/**
 * Classes of addresses that neither of two configurations tells apart: every pair of an old and a new class that share an address.
 */
export function jointClasses(before: readonly AddressClass[], after: readonly AddressClass[]): readonly AddressClass[] {
  const old = new Membership(before);
  const now = new Membership(after);
  const joint = new Map<string, { first: AddressClass; readonly others: Set<string> }>();
  for (const { kind, representative, others, local } of [...before, ...after]) {
    for (const address of [representative, ...others]) {
      const key = `${old.classOf(address)} ${now.classOf(address)}`;
      const known = joint.get(key);
      if (known === undefined) {
        const own = address === representative ? kind : kindOf(address);
        joint.set(key, { first: { kind: own, representative: address, local, others: [] }, others: new Set() });
      } else if (known.first.representative !== address) known.others.add(address);
    }
  }
  return [...joint.values()].map(({ first, others }) => ({ ...first, others: [...others] }));
}

const anybodyAt = 'anybody@';

function kindOf(address: string): AddressClass['kind'] {
  if (address === '') return 'null';
  return address.startsWith(anybodyAt) ? 'domain' : 'address';
}

/** Which class an address belongs to, also one that the configuration does not mention. */
class Membership {
  readonly #byAddress = new Map<string, number>();
  readonly #elsewhere: number;

  constructor(classes: readonly AddressClass[]) {
    for (const [index, { representative, others }] of classes.entries()) {
      for (const address of [representative, ...others]) this.#byAddress.set(address, index);
    }
    this.#elsewhere = classes.findIndex(({ kind }) => kind === 'elsewhere');
  }

  classOf(address: string): number {
    const domain = address.slice(address.lastIndexOf('@') + 1);
    return this.#byAddress.get(address) ?? this.#byAddress.get(`${anybodyAt}${domain}`) ?? this.#elsewhere;
  }
}
