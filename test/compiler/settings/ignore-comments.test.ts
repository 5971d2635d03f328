import { describe, expect, it } from 'vitest';
import { analyseText, findingLines } from '../../kit/analysis.ts';

const around = (body: string, top = '') => `${top}hostname mx\ntls off\nsmtp tcp://127.0.0.1:2525 {\n${body}\n}\n`;
const mismatch = 'reject 450 5.7.1 "Later"';
const codes = (text: string) => analyseText(text).diagnostics.map(({ code }) => code.code);

describe('an ignore comment', () => {
  it.each([
    ['on the line', `${mismatch} # maddyc-ignore M3105 old clients`],
    ['before the line', `# maddyc-ignore M3105 old clients\n${mismatch}`],
    ['before other comments and blank lines', `# maddyc-ignore M3105: old clients\n\n# more\n${mismatch}`],
    ['by name', `# maddyc-ignore reply-code-mismatch -- old clients\n${mismatch}`],
  ])('%s silences the finding', (_, body) => {
    expect(codes(around(body))).toEqual([]);
  });

  it('counts for one line only', () => {
    expect(codes(around(`# maddyc-ignore M3105 old clients\ndebug no\n${mismatch}`))).toEqual(['M1902', 'M3105']);
  });

  it('counts for the file in its file-wide form', () => {
    expect(codes(around(mismatch, '# maddyc-ignore-file M3105 old clients\n'))).toEqual([]);
  });

  it('takes several, and tells the one that is not there', () => {
    const lines = findingLines(analyseText(around(`# maddyc-ignore M3105, M4103 old clients\n${mismatch}`)));
    expect(lines).toEqual(['M1902 4:24-4:29 M4103 wildcard-not-supported is not found on line 5']);
  });

  it('stands above others as it does above what they are about', () => {
    const comments = [
      '# maddyc-ignore M3105 old clients',
      '# more',
      '# maddyc-ignore M4103 no',
      '',
      '# maddyc-ignore M4101 no',
    ];
    const lines = findingLines(analyseText(around(`${comments.join('\n')}\n${mismatch}`)));
    expect(lines).toEqual([
      'M1902 6:17-6:22 M4103 wildcard-not-supported is not found on line 9',
      'M1902 8:17-8:22 M4101 duplicate-rule is not found on line 9',
    ]);
  });

  it('must name something', () => {
    expect(codes(around('# maddyc-ignore\nreject'))).toEqual(['M1903']);
    expect(codes(around('# maddyc-ignored by nobody\nreject'))).toEqual([]);
  });

  it('does not hide what keeps the configuration from being loaded', () => {
    expect(codes(around('# maddyc-ignore unknown-name soon\nrejekt'))).toEqual(
      expect.arrayContaining(['M1902', 'M2101']),
    );
  });

  it('is of use for what only maddy refuses', () => {
    const text = `${around('deliver_to dummy')}# maddyc-ignore M2115 ours\ntarget.queue a b {\ntarget dummy\n}\n`;
    expect(codes(text)).not.toContain('M1902');
  });
});
