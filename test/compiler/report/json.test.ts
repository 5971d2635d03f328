import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { jsonReport } from '../../../compiler/index.ts';
import { analyseText } from '../../kit/analysis.ts';

const schema = JSON.parse(readFileSync(new URL('../../../docs/reference/check.schema.json', import.meta.url), 'utf8'));
const fits = new Ajv({ strict: true }).compile(schema);

const text =
  '# é€😀\nhostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n    deliver_to &mailboxs # ü\n    max_recipients 1\n    max_recipients 2\n}\ntarget.lmtp mailboxes {\n    targets unix:///run/lmtp\n}\n';

describe('the JSON report', () => {
  const analysis = analyseText(text, { asMaddy: true });
  const report = jsonReport({
    tool: { name: 'maddyc', version: '1.2.3' },
    results: [
      {
        file: 'maddy.conf',
        diagnostics: analysis.diagnostics,
        secrets: analysis.program.secrets,
        reference: analysis.reference(),
      },
    ],
  });

  it('fits its published schema', () => {
    expect(fits(JSON.parse(JSON.stringify(report))), JSON.stringify(fits.errors)).toBe(true);
  });

  it('counts lines and columns from 1, and bytes from 0', () => {
    const offset = new TextEncoder().encode(text.slice(0, text.indexOf('&mailboxs'))).length;
    expect(report.diagnostics[0]).toMatchObject({
      code: 'M2102',
      name: 'undefined-reference',
      severity: 'error',
      location: {
        file: 'maddy.conf',
        start: { line: 5, column: 16, offset },
        end: { line: 5, column: 25, offset: offset + 9 },
      },
      fixes: [
        { title: 'write &mailboxes', safe: true, edits: [{ text: '&mailboxes', location: { start: { offset } } }] },
      ],
      docs: 'docs/rules/M2102.md',
    });
  });

  it('names related places, sums up, and gives maddy’s verdict', () => {
    expect(report.diagnostics[1]).toMatchObject({
      code: 'M2109',
      related: [{ message: 'first given here', location: { file: 'maddy.conf', start: { line: 6, column: 5 } } }],
    });
    expect(report.summary).toEqual({ error: 2, warning: 0, info: 0, hint: 0, fixable: 1 });
    expect(report.reference).toEqual({ accepted: false, error: 'maddy.conf:7: duplicate directive: max_recipients' });
  });
});
