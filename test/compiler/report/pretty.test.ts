import { describe, expect, it } from 'vitest';
import { type PrettyOptions, prettyReport } from '../../../compiler/index.ts';
import { type Around, analyseText } from '../../kit/analysis.ts';

const plain: PrettyOptions = { color: false, unicode: true, columns: 100 };

function reported(text: string, options: Partial<PrettyOptions> = {}, around: Around = {}): string {
  const analysis = analyseText(text, {}, around);
  return prettyReport(analysis.diagnostics, { ...plain, secrets: analysis.program.secrets, ...options });
}

const listener = (body: string): string =>
  `hostname mx.example.org\ntls off\nsmtp tcp://127.0.0.1:2525 {\n${body}\n}\n`;

describe('the pretty report', () => {
  it('says what is wrong, where, what it means, and what to do', () => {
    const text = `${listener('    deliver_to &local_mailboxes')}target.lmtp buzones_locales {\n    targets unix:///run/lmtp\n}\n`;
    expect(reported(text)).toBe(`error[M2102]: no block named "local_mailboxes"
  ┌─ maddy.conf:4:16
3 │ smtp tcp://127.0.0.1:2525 {
4 │     deliver_to &local_mailboxes
  │                ^^^^^^^^^^^^^^^^ did you mean &buzones_locales?
  │
  = Mail that gets here has nowhere to go; maddy refuses to start.
  = Delivery targets here: &buzones_locales (line 6).
  = fix: write &buzones_locales   maddyc check --fix
  = more: maddyc explain M2102
`);
  });

  it('shows the way that a value came', () => {
    const files = { 'common.conf': '(limits) {\n    all rate many\n}\n' };
    const text = `import common.conf\n${listener('    limits {\n        import limits\n    }\n    deliver_to dummy')}`;
    expect(reported(text, {}, { files })).toContain(`  ┌─ common.conf:2:14
1 │ (limits) {
2 │     all rate many
  │              ^^^^
`);
    expect(reported(text, {}, { files })).toMatch(
      / {2}┌─ maddy.conf:6:9\n6 │ {9}import limits\n {2}│ +-+ put in here by the snippet \(limits\)/,
    );
  });

  it('names the file of what stands in another one', () => {
    const files = { 'common.conf': '\ntarget.lmtp buzones_locales {\n    targets unix:///run/lmtp\n}\n' };
    expect(reported(`import common.conf\n${listener('    deliver_to &local_mailboxes')}`, {}, { files })).toContain(
      '  = Delivery targets here: &buzones_locales (common.conf:2).\n',
    );
  });

  it('says that a variable is not set where that is the cause', () => {
    const analysis = analyseText(listener('    max_recipients {env:MOST}\n    deliver_to dummy'), {
      environment: 'expand',
    });
    expect(prettyReport(analysis.loadErrors, plain)).toContain(
      '  │                    ---------- taken here from {env:MOST}, which is not set\n',
    );
  });

  it('keeps its marks under tabs, wide characters and combining ones', () => {
    expect(
      reported(
        listener(
          '\tdestination 例え.jp e\u0301.org @x {\n\tdeliver_to dummy\n\t}\n\tdefault_destination {\n\treject\n\t}',
        ),
      ),
    ).toContain(
      `4 │     destination 例え.jp e\u0301.org @x {
  │                               ^^\n`,
    );
  });

  it('lets no text steer the terminal', () => {
    const report = reported(listener('    deliver_to "\u001b[31mred\u202eevil\u0007"'));
    expect(report).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(report).toContain('␛[31mred<U+202E>evil␇');
  });

  it('shows no password', () => {
    const report = reported(
      listener('    deliver_to lmtp unix:///x {\n        auth plain maddy swordfish extra\n    }'),
    );
    expect(report).toContain('auth plain maddy •••••• ••••••');
    expect(report).not.toContain('swordfish');
  });

  // Of the second not even the cells are made, but near what is wrong.
  it.each([40, 2000])('cuts lines of %d words around what is wrong', (length) => {
    const domains = Array.from({ length }, (_, index) => `domain${index}.example.org`);
    domains.splice(length / 2, 0, '@bad');
    const report = reported(
      listener(
        `    destination ${domains.join(' ')} {\n        deliver_to dummy\n    }\n    default_destination {\n        reject\n    }`,
      ),
      { columns: 60 },
    );
    for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(report).toMatch(/4 │ ….*@bad.*…\n {2}│ +\^{4}\n/);
    const [source = '', marks = ''] = report.split('\n').slice(3, 5);
    expect(source.indexOf('@bad')).toBe(marks.indexOf('^^^^'));
  });

  it('uses colours and box characters only where it may', () => {
    const text = listener('    deliver_to &x');
    expect(reported(text, { color: true })).toContain('\u001b[1;31merror[M2102]\u001b[0m');
    const ascii = reported(text, { unicode: false });
    expect(ascii).toContain('  --> maddy.conf:4:16\n');
    expect(ascii).toMatch(/^[\x00-\x7f]*$/);
  });

  it('is empty without findings', () => {
    expect(reported(listener('    deliver_to dummy'))).toBe('');
  });
});
