import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { casesIn, field } from '../kit/conformance/kind.ts';
import { transcripts } from '../kit/conformance/transcripts.ts';

/**
 * A few of the recorded sessions against `maddyc run` from the sources; CI plays all of them against the built package
 * (`npm run conformance -- test/vectors/smtp-transcripts.json`).
 */
const names = [
  'basic-delivery',
  'implicit-tls',
  'deliver-second-target-fails-rcpt',
  'lmtp-partial',
  'unix-socket',
  'reload-pipeline-switch',
  'start-failures-port-in-use',
  'cli-run-errors',
];

const cases = casesIn(JSON.parse(readFileSync(new URL('../vectors/smtp-transcripts.json', import.meta.url), 'utf8')));
const surroundings = { command: [process.execPath, join(import.meta.dirname, '..', '..', 'cli', 'entry.ts')] } as const;

it.concurrent.each(names)('%s goes as recorded', async (name) => {
  const recorded = cases?.find((one) => field(one, 'name') === name);
  expect(await transcripts.check(recorded, surroundings)).toBeNull();
});

it('a session that goes otherwise is told', async () => {
  const recorded = cases?.find((one) => field(one, 'name') === 'helo-plain');
  const text = JSON.stringify(recorded).replace('250 2.0.0 Hello', '250 2.0.0 Salve');
  expect(await transcripts.check(JSON.parse(text), surroundings)).toMatch(/^c1: expected "250 2\.0\.0 Salve/);
});
