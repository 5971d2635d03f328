import { defineDirective } from '../define.ts';

export const debug = defineDirective({
  type: 'bool',
  inheritsGlobal: true,
  default: false,
  doc: 'Turn on verbose logging for this module. Falls back to the global setting.',
});

export const ownDebug = defineDirective({
  type: 'bool',
  default: false,
  doc: 'Turn on verbose logging for this module. Not inherited from the global setting.',
});
