import type { Code, Fix } from '../../diagnostics/diagnostic.ts';
import { isWrittenInPlace } from '../../diagnostics/provenance.ts';
import type { ExpandedDirective } from '../../expand/expanded.ts';
import { wholeLine } from '../../fix/whole-line.ts';
import { throughQueue } from '../../ir/codes/sample.ts';
import { replacement } from '../../ir/finding.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const relay = (line: string) =>
  throughQueue(`target.smtp relay {\n    targets tcp://mx.example.org:25\n    ${line}\n}`);

const code: Code = {
  code: 'M2121',
  name: 'deprecated-directive',
  severity: 'warning',
  summary: 'a directive that is kept for old files only',
  page: () => ({
    docs: 'The directive is accepted, but it does nothing any more, or means something else than its name says. `require_tls` of a target has no effect. `attempt_starttls` no longer means "try": with `yes` a server without STARTTLS gets no mail, just as with `starttls yes`.',
    invalid: relay('attempt_starttls yes'),
    valid: relay('starttls yes'),
  }),
};

export const deprecatedDirective: Rule = {
  code,
  *check({ program }) {
    for (const { directive, spec } of program.marked) {
      const { deprecated } = spec;
      if (deprecated === undefined) continue;
      const isRenamed = /^\w+$/.test(deprecated);
      yield report(code, directive.origin, messageFor(directive, deprecated), {
        details: [...effect(directive), advice(deprecated, isRenamed)],
        fixes: isRenamed
          ? replacement(`write ${deprecated}`, directive.origin, deprecated, false)
          : deprecated === ''
            ? removal(directive)
            : [],
      });
    }
  },
};

function messageFor({ name }: ExpandedDirective, use: string): string {
  return use === '' ? `${name} has no effect` : `${name} is the old name of ${use}`;
}

function effect({ name, args }: ExpandedDirective): readonly string[] {
  if (name === 'require_tls')
    return ['Whoever wrote it believes that mail goes out encrypted because of it; what decides is starttls.'];
  if (name !== 'attempt_starttls' || args[0]?.value === 'no') return [];
  return ['It no longer means "try": a server that does not offer STARTTLS gets no mail.'];
}

function advice(use: string, isRenamed: boolean): string {
  if (use === '') return 'Remove it.';
  return isRenamed ? `Write ${use} with the same value.` : `Use ${use}.`;
}

function removal(directive: ExpandedDirective): readonly Fix[] {
  if (!isWrittenInPlace(directive.origin)) return [];
  const { file } = directive.origin;
  return [
    {
      title: `remove ${directive.name}`,
      safe: true,
      edits: [{ file, range: wholeLine(file, directive.range), text: '' }],
    },
  ];
}
