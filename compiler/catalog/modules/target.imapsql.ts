import { defineModule } from '../define.ts';
import { storageImapsql } from './storage.imapsql.ts';

export const targetImapsql = defineModule({
  ...storageImapsql,
  name: 'target.imapsql',
  reportedName: 'storage.imapsql',
  doc: 'Same module as storage.imapsql under the target namespace, so that deliver_to can define it inline.',
  example: 'deliver_to imapsql sqlite3 imapsql.db',
});
