import { fieldText } from '../dkim/canonical-header.ts';
import { readTagList } from '../dkim/tag-list.ts';
import type { HeaderField } from '../module.ts';

/** What one host on the way has said and sealed (RFC 8617 section 4.1). */
export interface ArcSet {
  readonly results: HeaderField;
  readonly message: HeaderField;
  readonly seal: HeaderField;
}

/** RFC 8617 section 5.1.1.1 */
const mostSets = 50;

const parts = {
  'arc-authentication-results': 'results',
  'arc-message-signature': 'message',
  'arc-seal': 'seal',
} as const;

/** The sets of a message from the first one on; a text tells why they are no chain (RFC 8617 section 5.2). */
export function readChain(fields: readonly HeaderField[]): readonly ArcSet[] | string {
  const sets = new Map<number, Partial<ArcSet>>();
  for (const field of fields) {
    const part = partOf(field.name);
    if (part === null) continue;
    const instance = instanceOf(field);
    if (instance === null || instance > mostSets) return `an ${field.name} field without a sound instance`;
    const known = sets.get(instance) ?? {};
    if (known[part] !== undefined) return `instance ${instance} has two ${field.name} fields`;
    sets.set(instance, { ...known, [part]: field });
  }
  const chain: ArcSet[] = [];
  for (let instance = 1; instance <= sets.size; instance++) {
    const { results, message, seal } = sets.get(instance) ?? {};
    if (results === undefined || message === undefined || seal === undefined) {
      return `instance ${instance} is not complete`;
    }
    chain.push({ results, message, seal });
  }
  return chain;
}

function partOf(name: string): keyof ArcSet | null {
  return Object.entries(parts).find(([known]) => known === name)?.[1] ?? null;
}

/** Authentication results begin with it, signatures hold it among their tags. */
function instanceOf(field: HeaderField): number | null {
  const text = fieldText(field);
  const tags = field.name === 'arc-authentication-results' ? readTagList(text.split(';')[0] ?? '') : readTagList(text);
  const instance = typeof tags === 'string' ? undefined : tags.get('i');
  return instance !== undefined && /^[1-9]\d?$/.test(instance) ? Number(instance) : null;
}
