import type { Code } from '../../diagnostics/diagnostic.ts';
import type { Module } from '../../ir/ir.ts';
import { modulesNamed } from '../../ir/walk.ts';
import { placeOfProperty } from '../../ir/written.ts';
import { moduleIn } from '../property-values.ts';
import { relatedAt, report } from '../report.ts';
import type { Rule } from '../rule.ts';

const imap = (map: string) =>
  `hostname mx.example.org\ntls self_signed\nstorage.imapsql boxes {\n    driver sqlite3\n    dsn boxes.db\n}\nimap tls://127.0.0.1:993 {\n    auth dummy\n    storage &boxes\n${map}}\n`;

const code: Code = {
  code: 'M6105',
  name: 'auth-namespace',
  severity: 'warning',
  summary: 'mail is stored under another name than the one users read',
  page: () => ({
    docs: 'Mail is stored under the address of the recipient, as `delivery_map` of the storage changes it; users read the mailbox of the name that they log in with, as `storage_map` of the endpoint changes it. When one of the two has a domain and the other has none, users see an empty mailbox while their mail lies in another. Use the same table in both places.',
    invalid: imap('    storage_map email_localpart\n'),
    valid: imap(''),
  }),
};

type Shape = 'whole' | 'local-part';

export const authNamespace: Rule = {
  code,
  *check({ inventory }) {
    for (const endpoint of modulesNamed(inventory, 'imap')) {
      const storage = moduleIn(endpoint, 'storage');
      if (storage?.entry.name !== 'storage.imapsql') continue;
      const read = shapeOf(moduleIn(endpoint, 'storage_map'));
      const stored = shapeOf(moduleIn(storage, 'delivery_map')) ?? 'whole';
      if (read === null || read === stored) continue;
      yield report(
        code,
        placeOfProperty(endpoint, 'storage_map'),
        `users read the mailbox of ${words[read]}, mail is stored under ${words[stored]}`,
        {
          details: [
            'They see an empty mailbox. Use the same table for storage_map here and for delivery_map in the storage.',
          ],
          related: [relatedAt(storage.header.origin, 'the storage')],
        },
      );
    }
  },
};

const words: Readonly<Record<Shape, string>> = {
  whole: 'the whole address',
  'local-part': 'the name without its domain',
};

/** What a table makes of an address; null when that cannot be told. */
function shapeOf(table: Module | undefined): Shape | null {
  switch (table?.entry.name) {
    case 'table.email_localpart':
      return 'local-part';
    case 'table.email_with_domain':
      return 'whole';
    default:
      return null;
  }
}
