import { defineBlock } from '../define.ts';

export const dnsblList = defineBlock({
  name: 'dnsbl_list',
  doc: 'List settings inside check.dnsbl; the block name and arguments are zones.',
  unknown: 'refused',
  directives: {
    client_ipv4: { type: 'bool', default: true, doc: 'Look up IPv4 clients.' },
    client_ipv6: { type: 'bool', default: true, doc: 'Look up IPv6 clients.' },
    ehlo: { type: 'bool', default: false, doc: 'Look up the EHLO name.' },
    mailfrom: { type: 'bool', default: false, doc: 'Look up the sender domain.' },
    score: { type: 'int', default: 1, doc: 'Added to the total when listed; negative for allow lists.' },
    responses: {
      type: 'networks',
      default: '127.0.0.1/24',
      doc: 'Answers that count as listed.',
      snippet: 'responses ${1:127.0.0.2}',
    },
    response: {
      type: 'dnsbl_response',
      repeatable: 'list',
      doc: 'Score per answer: `response ADDRESS... { score N; message TEXT }`; takes precedence over responses.',
      snippet: `response \${1:127.0.0.2} {
    score \${2:1}
    message \${3:"Listed"}
}`,
    },
  },
  rules: [
    {
      kind: 'conflict',
      about: ['ehlo', 'score'],
      holds: {
        not: { properties: { ehlo: { const: true }, score: { exclusiveMaximum: 0 } }, required: ['ehlo', 'score'] },
      },
      message: 'a list with a negative score cannot look up the EHLO name',
      details: [
        'Anybody may claim a name that is on an allow list, and would be let through. Remove ehlo, or make the score positive.',
      ],
      maddy: "dnsbl: 'ehlo' should not be used with negative score",
    },
    {
      kind: 'conflict',
      about: ['mailfrom', 'score'],
      holds: {
        not: {
          properties: { mailfrom: { const: true }, score: { exclusiveMaximum: 0 } },
          required: ['mailfrom', 'score'],
        },
      },
      message: 'a list with a negative score cannot look up the sender domain',
      details: [
        'Anybody may claim a sender domain that is on an allow list, and would be let through. Remove mailfrom, or make the score positive.',
      ],
      maddy: "dnsbl: 'mailfrom' should not be used with negative score",
    },
  ],
  docPage: 'checks/dnsbl.md',
  example: `bl.example.org {
    client_ipv4
    score 1
}`,
  notes: ['ehlo or mailfrom with a negative score is refused.'],
});
