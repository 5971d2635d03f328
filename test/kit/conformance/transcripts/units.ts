import { parseDataSize } from '../../../../compiler/catalog/values/data-size.ts';
import { isEndpointFault, parseEndpoint } from '../../../../compiler/catalog/values/endpoint.ts';
import {
  asciiAddress,
  cleanAddress,
  isValidAddress,
  lookupAddress,
  quoteLocalPart,
  splitAddress,
} from '../../../../compiler/text/address.ts';
import { isValidDomain, lookupDomain } from '../../../../compiler/text/domain.ts';
import { usernameNormalizers } from '../../../../compiler/text/username.ts';
import { writeField } from '../../../../runtime/message/header-write.ts';
import { parsePasswordHash, verifyPassword } from '../../../../runtime/modules/auth/password-hash.ts';
import { difference, field, isRecord } from '../kind.ts';

type Row = Readonly<Record<string, unknown>>;

/** What we make of the input of a row: the row with our own results. */
type Answer = (input: string, row: Row) => Row | Promise<Row>;

const normalizeAll = (input: string): Row =>
  Object.fromEntries(Object.entries(usernameNormalizers).map(([name, normalize]) => [name, normalize(input)]));

const answers: Readonly<Record<string, Answer>> = {
  address: (input) => {
    const parts = splitAddress(input);
    return {
      ascii: asciiAddress(input),
      clean: cleanAddress(input),
      lookup: lookupAddress(input),
      normalize: normalizeAll(input),
      split: typeof parts === 'string' ? null : [parts.localPart, parts.domain],
      valid: isValidAddress(input),
    };
  },
  username: (input) => ({ normalize: normalizeAll(input) }),
  domain: (input) => ({ lookup: lookupDomain(input), valid: isValidDomain(input) }),
  quote_mbox: (input) => ({ quoted: quoteLocalPart(input) }),
  data_size: (input) => {
    const size = parseDataSize(input);
    return typeof size === 'bigint' ? { bytes: Number(size) } : { bytes: null, error: size.error };
  },
  endpoint: (input) => {
    const parsed = parseEndpoint(input);
    if (isEndpointFault(parsed)) return { error: true };
    const { scheme, host, port, path, network, address, tls } = parsed;
    return { scheme, host, port, path, network, address, tls };
  },
  header_write: (_, { key, value }) => ({ written: writeField(String(key), String(value))?.toString() ?? '' }),
  password_hash: async (_, { hash, password }) => {
    const stored = parsePasswordHash(String(hash));
    return { ok: stored !== null && (await verifyPassword(String(password), stored)) };
  },
};

export async function checkUnit(recorded: unknown): Promise<string | null> {
  const row = field(recorded, 'row');
  const answer = answers[String(field(recorded, 'unit'))];
  if (!isRecord(row) || answer === undefined) return 'a row of a list that is not known';
  const actual = await answer(String(row.input ?? ''), row);
  return difference(row, { ...onlyInputs(row), ...actual });
}

const inputs = ['input', 'key', 'value', 'hash', 'password'];

function onlyInputs(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => inputs.includes(name)));
}
