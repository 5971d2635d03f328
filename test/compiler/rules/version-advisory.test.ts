import { expect, test } from 'vitest';
import { analyseText } from '../../kit/analysis.ts';

const text = `hostname mx.example.org
tls off
smtp tcp://127.0.0.1:2525 {
    limits {
        all rate 20 1s
    }
    modify {
        dkim example.org default
    }
    deliver_to dummy
}
smtp tcp://127.0.0.1:2526 {
    reject
}
`;
const advisories = (targetVersion: string | undefined): readonly string[] =>
  analyseText(text, { targetVersion })
    .diagnostics.filter(({ code }) => code.code === 'M9101')
    .map(({ severity, message, place }) => `${severity} ${place?.range.start} ${message}`);

test('what every file meets is told once, where the file begins to matter', () => {
  expect(advisories('0.9.4')).toEqual([
    `warning ${text.indexOf('smtp')} maddy 0.9.4: a reload (SIGUSR2) crashes the server, and mail is down until somebody starts it`,
    `info ${text.indexOf('dkim')} maddy 0.9.4: verify-config is no dry run: it makes keys and databases, or asks Dovecot`,
  ]);
});

test('nothing is told of another release, or of none', () => {
  expect(advisories('0.9.3')).toEqual([]);
  expect(advisories(undefined)).toEqual([]);
});
