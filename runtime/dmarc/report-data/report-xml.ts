import { escapeXml } from '../../../compiler/report/xml.ts';
import { type AggregateReport, periodOf, type Reporter, reportId } from './aggregate-report.ts';
import type { Observation, ReportedResult } from './observation.ts';

/** Text, or elements in their order; an element may occur several times. */
type Content = string | number | readonly (readonly [name: string, content: Content])[];

/** An aggregate report as RFC 7489 appendix C lays it down. */
export function reportXml(report: AggregateReport, reporter: Reporter): string {
  const { published, rows } = report;
  const { begin, end } = periodOf(report);
  const root: Content = [
    ['version', '1.0'],
    [
      'report_metadata',
      [
        ['org_name', reporter.hostname],
        ['email', reporter.email],
        ['report_id', reportId(report, reporter)],
        [
          'date_range',
          [
            ['begin', begin],
            ['end', end],
          ],
        ],
      ],
    ],
    [
      'policy_published',
      [
        ['domain', published.domain],
        ['adkim', published.adkim],
        ['aspf', published.aspf],
        ['p', published.p],
        ['sp', published.sp],
        ['pct', published.pct],
        ['fo', published.fo],
      ],
    ],
    ...rows.map(({ observation, count }) => ['record', recordOf(observation, count)] as const),
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write('feedback', root, '')}`;
}

function recordOf(observation: Observation, count: number): Content {
  const { source, disposition, override, dkimAligned, spfAligned, envelopeFrom, headerFrom, results } = observation;
  const spf = results.filter(({ method }) => method === 'spf');
  return [
    [
      'row',
      [
        ['source_ip', source],
        ['count', count],
        [
          'policy_evaluated',
          [
            ['disposition', disposition],
            ['dkim', dkimAligned ? 'pass' : 'fail'],
            ['spf', spfAligned ? 'pass' : 'fail'],
            ...(override === null ? [] : [['reason', [['type', override]]] as const]),
          ],
        ],
      ],
    ],
    [
      'identifiers',
      [
        ['envelope_from', envelopeFrom],
        ['header_from', headerFrom],
      ],
    ],
    [
      'auth_results',
      [
        ...results.filter(({ method }) => method === 'dkim').map((each) => ['dkim', resultOf(each)] as const),
        // One there must be: of a name that was none nothing is known.
        ...(spf.length === 0 ? [nothingOfSpf(envelopeFrom)] : spf).map((each) => ['spf', resultOf(each)] as const),
      ],
    ],
  ];
}

function nothingOfSpf(domain: string): ReportedResult {
  return { method: 'spf', domain, scope: 'mfrom', result: 'none' };
}

function resultOf(result: ReportedResult): Content {
  const { domain } = result;
  return result.method === 'dkim'
    ? [
        ['domain', domain],
        ...(result.selector === '' ? [] : [['selector', result.selector] as const]),
        ['result', result.result],
      ]
    : [
        ['domain', domain],
        ['scope', result.scope],
        ['result', result.result],
      ];
}

function write(name: string, content: Content, indent: string): string {
  if (typeof content === 'number') return `${indent}<${name}>${content}</${name}>\n`;
  if (typeof content === 'string') return `${indent}<${name}>${escapeXml(content)}</${name}>\n`;
  const inner = content.map(([child, value]) => write(child, value, `${indent}  `)).join('');
  return `${indent}<${name}>\n${inner}${indent}</${name}>\n`;
}
