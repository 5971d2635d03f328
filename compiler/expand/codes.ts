import type { Code } from '../../grammar/code.ts';
import { expansionCodes } from './expand-codes.ts';
import { environmentCodes } from './findings/environment-findings.ts';
import { importCodes } from './findings/import-findings.ts';
import { macroCodes } from './findings/macro-codes.ts';

/** Every code that the expansion of macros, imports and environment gives. */
export const expandCodes: readonly Code[] = [...expansionCodes, ...macroCodes, ...importCodes, ...environmentCodes];
