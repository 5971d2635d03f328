import { isEndpointFault, parseEndpoint } from '../../../compiler/catalog/values/endpoint.ts';
import { type ConformanceKind, difference, field } from './kind.ts';

export const endpoints: ConformanceKind = {
  name: 'endpoints',
  recognises: (_, cases) => cases.length > 0 && cases.every((recorded) => field(recorded, 'input') !== undefined),
  check: (recorded) => {
    const result = parseEndpoint(String(field(recorded, 'input')));
    const actual = isEndpointFault(result) ? { ok: false, error: result.error } : { ok: true, ...result };
    return difference(field(recorded, 'expect'), actual);
  },
};
