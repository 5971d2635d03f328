import { expect, it } from 'vitest';
import { connectServer, fullCapabilities } from '../kit/lsp.ts';

it('tells its engine of a large text, opened or grown, and of no other', async () => {
  const uri = 'file:///etc/maddy/maddy.conf';
  const other = 'file:///etc/maddy/other.conf';
  const large = '# nothing\n'.repeat(20_000);
  let told = 0;
  const client = connectServer(new Map(), () => {
    told += 1;
  });
  await client.initialize(fullCapabilities, null);
  await client.open(uri, 'hostname a\n');
  await client.findings(uri, 1);
  expect(told).toBe(0);
  await client.change(uri, 2, [{ text: large }]);
  await client.findings(uri, 2);
  expect(told).toBe(1);
  await client.open(other, large);
  await client.findings(other, 1);
  expect(told).toBe(2);
});
