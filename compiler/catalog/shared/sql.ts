import { defineDirectives } from '../define.ts';

export const sqlSource = defineDirectives({
  driver: {
    type: 'string',
    values: ['sqlite3', 'postgres'],
    required: true,
    doc: 'SQL driver: sqlite3 or postgres.',
    snippet: 'driver ${1|sqlite3,postgres|}',
  },
  dsn: {
    type: 'string_list',
    required: true,
    secretFrom: 0,
    doc: 'Data source; arguments are joined with spaces.',
    snippet: 'dsn ${1:table.db}',
  },
});
