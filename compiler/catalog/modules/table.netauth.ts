import { defineModule } from '../define.ts';
import { authNetauth } from './auth.netauth.ts';

export const tableNetauth = defineModule({
  ...authNetauth,
  name: 'table.netauth',
  kind: 'table',
  reportedName: 'auth.netauth',
});
