import { defineBlock } from '../define.ts';

export const dnsblResponse = defineBlock({
  name: 'dnsbl_response',
  doc: 'Answer rule inside a dnsbl zone.',
  unknown: 'refused',
  directives: {
    score: { type: 'int', required: true, doc: 'Score for these answers.', snippet: 'score ${1:0}' },
    message: { type: 'string', doc: 'Text used in the SMTP reply.' },
  },
  docPage: 'checks/dnsbl.md',
  example: `response 127.0.0.2 {
    score 5
}`,
});
