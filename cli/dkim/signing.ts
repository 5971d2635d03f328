import { resolve } from 'node:path';
import { dkimKeyFile } from '../../compiler/dns-records/dkim-key-file.ts';
import type { Plan } from '../../compiler/index.ts';
import { textAt, textsAt } from '../../compiler/routing/plan-values.ts';
import { asciiDomain } from '../../compiler/text/domain.ts';
import { directoriesOf } from '../../runtime/directories.ts';
import type { KeyAlgorithm } from '../../runtime/dkim/signing-key.ts';
import { placed } from '../../runtime/load-error.ts';
import { planModules } from '../../runtime/plan-modules.ts';

/** A domain that a configuration signs for. */
export interface Signing {
  /** As written. */
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: KeyAlgorithm;
  /** `FILE:LINE` of the directive. */
  readonly place: string;
  /** Of a selector, absolute. */
  readonly keyFile: (selector: string) => string;
}

/** Each domain and selector once, in the order of the file. */
export function signingsOf(plan: Plan): readonly Signing[] {
  const { stateDir } = directoriesOf(plan);
  const found = new Map<string, Signing>();
  for (const { module, config, at } of planModules(plan)) {
    const selector = textAt(config, 'selector');
    const template = textAt(config, 'key_path');
    if (module !== 'modify.dkim' || selector === null || template === null) continue;
    for (const domain of textsAt(config, 'domains') ?? []) {
      const key = `${domain} ${selector}`;
      if (found.has(key)) continue;
      found.set(key, {
        domain,
        selector,
        algorithm: algorithmOf(textAt(config, 'newkey_algo')),
        place: placed(plan, { at, message: '' }).replace(/: $/, ''),
        keyFile: (other) => resolve(stateDir, dkimKeyFile(template, domain, other)),
      });
    }
  }
  return [...found.values()];
}

export function algorithmOf(word: string | null): KeyAlgorithm {
  return word === 'rsa4096' || word === 'ed25519' ? word : 'rsa2048';
}

/** Name of the TXT record, in A-labels. */
export function recordName(domain: string, selector: string): string {
  const name = `${selector}._domainkey.${domain}`;
  return (asciiDomain(name) ?? name).replace(/\.$/, '').toLowerCase();
}
