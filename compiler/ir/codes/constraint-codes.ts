import type { ConstraintKind } from '../../catalog/define.ts';
import type { Code } from '../../diagnostics/diagnostic.ts';
import { bounceWithoutDomain, inlineQueueWithoutLocation, submissionWithoutAuth } from './delivery.ts';
import { conflict, missingPart, relativePath, valueShape } from './values.ts';

/** Codes of the conditions that catalog entries state. */
export const constraintCodes: { readonly [K in ConstraintKind]: Code } = {
  'missing-part': missingPart,
  conflict,
  value: valueShape,
  'relative-path': relativePath,
  'submission-without-auth': submissionWithoutAuth,
  'bounce-without-domain': bounceWithoutDomain,
  'inline-queue-without-location': inlineQueueWithoutLocation,
};
