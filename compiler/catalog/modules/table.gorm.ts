import { defineModule } from '../define.ts';
import { madmailGo } from '../dialects.ts';

export const tableGorm = defineModule({
  name: 'table.gorm',
  kind: 'table',
  implements: ['table', 'multi_table', 'mutable_table'],
  doc: 'Key-value SQL table managed through an ORM.',
  dialects: madmailGo,
  inlineArgs: { rule: 'ignored' },
  unknown: 'refused',
  directives: {
    driver: { type: 'string', required: true, doc: 'SQL driver.' },
    dsn: { type: 'string_list', required: true, secretFrom: 0, doc: 'Data source.' },
    table_name: { type: 'string', required: true, doc: 'Table name.' },
  },
  runtime: false,
  example: `table gorm {
    driver sqlite3
    dsn credentials.db
    table_name passwords
}`,
});
