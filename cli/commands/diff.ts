import { diffMail } from '../../compiler/routing/diff/diff-mail.ts';
import { diffSettings } from '../../compiler/routing/diff/diff-settings.ts';
import { macroDomains } from '../../compiler/routing/prove/local-domains.ts';
import { RoutingModel } from '../../compiler/routing/prove/model.ts';
import { regexpLookup } from '../../compiler/routing/tables/regexp.ts';
import { type Command, commonOptions, UsageError } from '../command.ts';
import { colorChoice } from '../configuration.ts';
import { type Comparison, isSame } from '../diff/comparison.ts';
import { diffToJson } from '../diff/report-json.ts';
import { diffToMarkdown } from '../diff/report-markdown.ts';
import { diffToText } from '../diff/report-text.ts';
import { loadSide, readSides } from '../diff/sides.ts';
import { usesColor } from '../io.ts';
import type { LoadedPlan } from '../load-plan.ts';

export const diff: Command = {
  name: 'diff',
  summary: 'what a change of the configuration changes for mail, and for whose',
  usage: 'OLD [NEW] [FILE] [--markdown | --json]',
  description: `Takes mail of every kind that either configuration can tell apart through both, and says which fares differently. OLD and NEW are
configurations or plans, or in a git repository REV:PATH, or revisions of FILE (maddy.conf when it is not named). Without
NEW: the file as it is now.`,
  options: [
    { name: 'markdown', help: 'for a comment on a pull request' },
    commonOptions.json,
    { ...commonOptions.quiet, help: 'only the exit code' },
    commonOptions.color,
  ],
  examples: [
    { command: 'maddyc diff maddy.conf.old maddy.conf', says: 'two files' },
    { command: 'maddyc diff main', says: 'maddy.conf as it is here, and as it is in main' },
    { command: 'maddyc diff --markdown origin/main HEAD mail/maddy.conf', says: 'what a pull request changes' },
  ],
  exitCodes: [
    [0, 'no difference for mail'],
    [1, 'something is wrong: a configuration has errors, or wrong use'],
    [2, 'mail fares differently'],
  ],
  docs: 'diff.md',
  operands: 3,

  async run(invocation) {
    const { io, has } = invocation;
    try {
      if (has('json') && has('markdown')) throw new UsageError('--json and --markdown: one at a time');
      const [old, now] = readSides(invocation);
      const before = await loadSide(old, invocation);
      const after = await loadSide(now, invocation);
      if (before === null || after === null) return 1;
      const models = [modelOf(before), modelOf(after)] as const;
      const comparison: Comparison = {
        before: { ...old, ...before },
        after: { ...now, ...after },
        mail: diffMail(...models),
        settings: diffSettings(...models),
      };
      if (!has('quiet')) {
        const color = usesColor(colorChoice(invocation), io.stdout, io.env);
        io.stdout.write(
          has('json')
            ? `${JSON.stringify(diffToJson(comparison), null, 2)}\n`
            : has('markdown')
              ? diffToMarkdown(comparison)
              : diffToText(comparison, { color }),
        );
      }
      return isSame(comparison) ? 0 : 2;
    } catch (error) {
      // 2 says that mail fares differently, so wrong use is an error like others here (R4).
      if (!(error instanceof UsageError)) throw error;
      io.stderr.write(`maddyc: ${error.message}${error.hint === null ? '' : `\n  ${error.hint}`}\n`);
      return 1;
    }
  },
};

function modelOf({ plan, host, analysis }: LoadedPlan): RoutingModel {
  const localDomains = analysis === null ? [] : macroDomains(analysis.expansion);
  return new RoutingModel(plan, host, { localDomains, regexps: regexpLookup });
}
