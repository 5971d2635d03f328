import { defineDirective } from '../define.ts';

export const limits = defineDirective({
  type: 'module_ref',
  expects: 'limits_group',
  doc: 'Rate and concurrency limits; either a block, or a reference to a named limits block so counters are shared.',
  snippet: `limits {
    all rate \${1:20} \${2:1s}
    all concurrency \${3:10}
}`,
});
