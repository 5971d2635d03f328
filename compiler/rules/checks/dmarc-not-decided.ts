import type { Code } from '../../diagnostics/diagnostic.ts';
import { spanOf } from '../../ir/words.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const smtp = (line: string) =>
  `dmarc_report_data yes\nsmtp tcp://127.0.0.1:25 {\n    hostname mx.example.org\n    tls off\n${line}    deliver_to dummy\n}\n`;

const code: Code = {
  code: 'M8109',
  name: 'dmarc-not-decided',
  severity: 'warning',
  summary: 'a setting of DMARC in a file that has DMARC nowhere',
  page: () => ({
    docs: '`dmarc_report_data` and `dmarc_policy_search` say what is done with the verdicts of DMARC, but they switch nothing on: verdicts exist only for mail of an endpoint (or msgpipeline) with `dmarc yes`. Without one nothing is counted, and `maddyc dmarc report` writes no report.',
    invalid: smtp(''),
    valid: smtp('    dmarc yes\n'),
  }),
};

const idle: Readonly<Record<string, { readonly message: string; readonly untouched: (value: unknown) => boolean }>> = {
  dmarc_report_data: {
    message: 'nothing is counted for DMARC reports: no endpoint has dmarc yes',
    untouched: (value) => value !== true,
  },
  dmarc_policy_search: {
    message: 'no DMARC policy is looked up: no endpoint has dmarc yes',
    untouched: () => false,
  },
};

export const dmarcNotDecided: Rule = {
  code,
  *check({ program, inventory }) {
    if (inventory.pipelines.some(({ dmarc }) => dmarc)) return;
    for (const [name, { message, untouched }] of Object.entries(idle)) {
      const setting = program.globals.get(name);
      const [written] = setting?.written ?? [];
      if (written === undefined || untouched(setting?.value)) continue;
      yield report(code, spanOf(written), message, {
        details: ['Add dmarc yes to the endpoint that receives mail from outside (port 25).'],
      });
    }
  },
};
