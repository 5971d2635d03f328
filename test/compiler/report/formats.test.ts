import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { type FileResult, type FormatName, type Report, reportFormats } from '../../../compiler/index.ts';
import { analyseText } from '../../kit/analysis.ts';

const mistakes = `# mail for everybody, 100%
hostname mx.example.org
tls off
target.smtp relay {
    targets tcp://127.0.0.1:2525
    auth plain robot "hunter2 <&>" surplus
}
smtp tcp://127.0.0.1:2526 {
    deliver_to &rely
    max_recipients 1
    max_recipients 2
}
`;

function resultOf(text: string, file = 'maddy.conf', asMaddy = false): FileResult {
  const analysis = analyseText(text, { asMaddy });
  const { diagnostics, program } = analysis;
  return { file, diagnostics, secrets: program.secrets, reference: asMaddy ? analysis.reference() : null };
}

function reportOf(...results: readonly FileResult[]): Report {
  return {
    tool: { name: 'maddyc', version: '1.2.3' },
    results,
    failing: new Set(['error']),
    pathInRepository: (path) => `mail server/${path}`,
  };
}

async function written(format: FormatName, report: Report): Promise<string> {
  const reporter = await reportFormats[format].load();
  return reporter(report, { color: false, unicode: true, columns: 100 });
}

const clean = 'hostname mx.example.org\n';
const bytes = 'hostname mx.example.org\n\udcff\u0007 "<![CDATA[" {\n}\n';
const formats = Object.keys(reportFormats) as FormatName[];

describe.each(formats)('%s', (format) => {
  it('never shows a secret', async () => {
    expect(await written(format, reportOf(resultOf(mistakes)))).not.toContain('hunter2');
  });

  it('can tell what is no text', async () => {
    expect((await written(format, reportOf(resultOf(bytes)))).isWellFormed()).toBe(true);
  });
});

describe('SARIF', () => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addFormat('uri', (text: string) => URL.canParse(text));
  ajv.addFormat('uri-reference', (text: string) => URL.canParse(text, 'file:///base/'));
  ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
  ajv.addFormat('uuid', /^[0-9a-f-]{36}$/i);
  const schema = new URL('../../vectors/sarif/sarif-2.1.0.json', import.meta.url);
  const fits = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  const sarif = async (report: Report) => JSON.parse(await written('sarif', report));

  it.each([
    ['findings, related places and fixes', reportOf(resultOf(mistakes))],
    ['a refusal by maddy', reportOf(resultOf(mistakes, 'maddy.conf', true))],
    ['bytes that are no text', reportOf(resultOf(bytes))],
    ['nothing to say', reportOf(resultOf(clean))],
    ['no file at all', reportOf()],
  ])('fits the schema of OASIS: %s', async (_name, report) => {
    expect(fits(await sarif(report)), JSON.stringify(fits.errors)).toBe(true);
  });

  it('places findings in the repository and describes their codes', async () => {
    const [run] = (await sarif(reportOf(resultOf(mistakes)))).runs;
    const result = run.results.find((each: { ruleId: string }) => each.ruleId === 'M2102');
    expect(result).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'mail%20server/maddy.conf', uriBaseId: '%SRCROOT%' },
            region: { startLine: 9, startColumn: 16, endLine: 9, endColumn: 21 },
          },
        },
      ],
      fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: '&relay' } }] }] }],
    });
    expect(run.tool.driver.rules[result.ruleIndex]).toMatchObject({ id: 'M2102', name: 'undefined-reference' });
  });
});

describe('GitHub annotations', () => {
  it('are workflow commands with escaped values', async () => {
    const [first, ...others] = (await written('github', reportOf(resultOf(mistakes, 'a,b:c.conf'))))
      .trimEnd()
      .split('\n');
    expect(first).toMatch(
      /^::error file=mail server\/maddy\.conf,line=6,endLine=6,col=\d+,endColumn=\d+,title=M\d{4} [\w-]+::/,
    );
    expect(others.every((line) => line.startsWith('::'))).toBe(true);
    expect(others.join('\n')).toContain('%0AMail that gets here has nowhere to go');
  });

  it('are none where there is nothing to say', async () => {
    expect(await written('github', reportOf(resultOf('hostname mx.example.org\ntls off\n')))).not.toContain(
      'undefined',
    );
  });
});

describe('GitLab code quality', () => {
  const issues = async (text: string) => JSON.parse(await written('gitlab', reportOf(resultOf(text))));

  it('has the fields that GitLab wants, and a fingerprint a finding', async () => {
    const found: { fingerprint: string }[] = await issues(mistakes);
    expect(found.find((each) => 'check_name' in each && each.check_name === 'M2102 undefined-reference')).toEqual({
      description: expect.stringMatching(/^no block named "rely"\nMail/),
      check_name: 'M2102 undefined-reference',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      severity: 'critical',
      location: { path: 'mail server/maddy.conf', lines: { begin: 9, end: 9 } },
    });
    expect(new Set(found.map((each) => each.fingerprint)).size).toBe(found.length);
  });

  it('keeps fingerprints when lines move, and changes them with the line', async () => {
    const prints = async (text: string) =>
      (await issues(text)).map((each: { fingerprint: string }) => each.fingerprint);
    const before = await prints(mistakes);
    expect(await prints(`\n\n${mistakes.replace('    deliver_to', '  deliver_to')}`)).toEqual(before);
    expect(await prints(mistakes.replace('max_recipients 2', 'max_recipients 3'))).not.toEqual(before);
  });

  it('tells equal findings on equal lines apart', async () => {
    const found: { fingerprint: string }[] = await issues(
      mistakes.replace('max_recipients 2', 'max_recipients 1\n    max_recipients 1'),
    );
    expect(new Set(found.map((each) => each.fingerprint)).size).toBe(found.length);
  });
});

describe('JUnit', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    isArray: (name) => ['testsuite', 'testcase'].includes(name),
  });

  it('has a suite a file and a failure an error', async () => {
    const xml = await written('junit', reportOf(resultOf(mistakes), { ...resultOf(clean, 'b.conf'), diagnostics: [] }));
    expect(XMLValidator.validate(xml)).toBe(true);
    const { testsuites } = parser.parse(xml);
    const errors = resultOf(mistakes).diagnostics.filter(({ severity }) => severity === 'error').length;
    expect(errors).toBeGreaterThan(2);
    expect(testsuites).toMatchObject({
      '@_failures': String(errors),
      testsuite: [
        { '@_name': 'maddy.conf', '@_failures': String(errors) },
        { '@_name': 'b.conf', '@_tests': '1', '@_failures': '0', testcase: [{ '@_name': 'no findings' }] },
      ],
    });
  });

  it('is well-formed whatever is in the file, and counts a refusal', async () => {
    for (const text of [bytes, mistakes]) {
      const xml = await written('junit', reportOf(resultOf(text, 'maddy.conf', true)));
      expect(XMLValidator.validate(xml)).toBe(true);
      expect(xml).toContain('<failure type="refused"');
      expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
    }
  });
});
