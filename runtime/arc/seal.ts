import { hashBody } from '../dkim/body-hash.ts';
import { signedBytes } from '../dkim/canonical-header.ts';
import { completeSignature, layOut, namesToSign, type Signer } from '../dkim/sign.ts';
import { signatureOver } from '../dkim/signature-value.ts';
import { writeField } from '../message/header-write.ts';
import type { HeaderField, Message } from '../module.ts';
import { readChain } from './chain.ts';
import { type ChainResult, sealedBytes } from './verify.ts';

/** Fields that the message signature of a set covers; not those of ARC itself, nor verdicts (RFC 8617 section 4.1.2). */
const signedFields = [
  'From',
  'Subject',
  'Date',
  'To',
  'Cc',
  'Message-Id',
  'Reply-To',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Id',
  'List-Unsubscribe',
  'List-Post',
  'DKIM-Signature',
];

/**
 * Puts one more set on top: what was found about the message, signed by this host (RFC 8617 section 5.1). `results` is the value of
 * Authentication-Results. A chain that was broken before is left alone: nobody can mend it. `now`: Unix seconds.
 */
export async function sealMessage(
  message: Message,
  { domain, selector, key }: Signer,
  found: ChainResult,
  results: string,
  now: number,
): Promise<void> {
  const { header, body } = message;
  const before = readChain(header.fields());
  if (found.wasBroken || found.value === 'temperror' || typeof before === 'string' || before.length >= 50) return;
  const instance = String(before.length + 1);
  const common = { a: `${key.type}-sha256`, d: domain, i: instance, s: selector, t: String(now) };

  const resultsField = {
    name: 'arc-authentication-results',
    raw: writeField('ARC-Authentication-Results', `i=${instance}; ${results}`) ?? Buffer.alloc(0),
  };
  const hash = (await hashBody(body, new Set(['relaxed'] as const))).get('relaxed')?.toString('base64') ?? '';
  const fields = header.fields();
  const names = namesToSign(fields, { oversigned: [], signed: signedFields });
  const unsigned = layOut('ARC-Message-Signature', { ...common, bh: hash, c: 'relaxed/relaxed', h: names.join(':') });
  const own = Buffer.from(unsigned).toString('latin1');
  const value = await signatureOver(signedBytes(fields, { names, own, canonicalization: 'relaxed' }), key);
  const messageField = fieldOf(completeSignature(unsigned, value.toString('base64')));

  const broken = found.value === 'fail';
  const cv = before.length === 0 ? 'none' : broken ? 'fail' : 'pass';
  const unsealed = layOut('ARC-Seal', { ...common, cv });
  // The seal of a broken chain covers its own set alone (RFC 8617 section 5.1.2).
  const covered = broken ? [] : before;
  const bytes = sealedBytes(covered, [resultsField, messageField], Buffer.from(unsealed).toString('latin1'));
  const seal = fieldOf(completeSignature(unsealed, (await signatureOver(bytes, key)).toString('base64')));
  for (const field of [resultsField, messageField, seal]) header.prependRaw(field.raw);
}

function fieldOf(text: string): HeaderField {
  return { name: text.slice(0, text.indexOf(':')).toLowerCase(), raw: Buffer.from(text) };
}
