import { expect, it } from 'vitest';
import { analyseText, findingLines } from '../../kit/analysis.ts';

it('a reference to a block of an unknown module is no second finding, but still maddy’s error', () => {
  const text =
    'hostname mx\ntls off\nsmtp tcp://127.0.0.1:25 {\n    deliver_to &boxes\n}\nlmtp_downstream boxes {\n    targets unix:///x\n}\n';
  const analysis = analyseText(text);
  expect(findingLines(analysis)).toEqual(['M2110 6:1-6:16 "lmtp_downstream" is now target.lmtp']);
  expect(analysis.reference().accepted).toBe(false);
});

const sound = `hostname mx.example.org
tls off
(delivery) {
    deliver_to &routing
}
msgpipeline routing {
    deliver_to &boxes
}
storage.imapsql boxes {
    driver sqlite3
    dsn imapsql.db
}
target.queue outgoing {
    target &remote
}
target.remote remote {
}
smtp tcp://127.0.0.1:2525 {
    destination example.org {
        import delivery
    }
    default_destination {
        deliver_to &outgoing
    }
}
`;

it.each([
  ['a directive in a rule', 'deliver_to &outgoing', 'dliver_to &outgoing', 'M2101 23:9-23:18'],
  ['a rule', 'default_destination', 'defalt_destination', 'M2101 22:5-22:23'],
  ['an import', 'import delivery', 'imprt delivery', 'M2101 20:9-20:14'],
  ['a setting that is required', 'target &remote', 'traget &remote', 'M2101 14:5-14:11'],
  ['an endpoint', 'smtp tcp', 'smpt tcp', 'M2101 18:1-18:5'],
])('%s that is misspelt is the only error, not what nobody uses without it', (_, word, misspelt, expected) => {
  const analysis = analyseText(sound.replace(word, misspelt));
  const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ message }) => message)).toHaveLength(1);
  expect(findingLines(analysis).some((line) => line.startsWith(expected))).toBe(true);
});

it('while braces do not balance nobody is told what is not used', () => {
  const unused = sound.replace('deliver_to &outgoing', 'reject');
  expect(findingLines(analyseText(unused)).join()).toContain('nothing uses the block "outgoing"');
  const broken = findingLines(analyseText(unused.replace('reject\n    }', 'reject')));
  expect(broken.join()).toContain('M1002');
  expect(broken.join()).not.toContain('nothing uses');
});
