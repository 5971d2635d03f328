import type { DirectiveSpec } from '../catalog/define.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import { undefinedReference } from './codes/names.ts';
import type { Context } from './context.ts';
import { type Finding, finding } from './finding.ts';
import type { Value } from './ir.ts';
import { lowerProxyProtocol, lowerResponse, lowerTlsClient, lowerTlsServer } from './nested.ts';
import { isPlainType, readValue } from './read-value.ts';
import { listed } from './suggest.ts';
import { lowerUse, usePlace } from './uses.ts';
import { deferred, misreadFinding, wordsOf } from './words.ts';

/** The value of one directive; undefined when it cannot be read, which is then said. */
export function lowerValue(
  context: Context,
  spec: DirectiveSpec,
  directive: ExpandedDirective,
  out: Finding[],
): Value | undefined {
  const { type } = spec;
  if (isPlainType(type)) {
    const value = lowerPlain(spec, directive, out);
    if (type === 'block_name' && typeof value === 'string') markBlock(context, spec, directive, value, out);
    return value;
  }
  switch (type) {
    case 'module_ref':
      return lowerUse(context, usePlace(directive, spec), out);
    case 'tls_server':
      return lowerTlsServer(context, directive, out);
    case 'tls_client':
      return lowerTlsClient(context, directive, out);
    case 'proxy_protocol':
      return lowerProxyProtocol(context, directive, out);
    case 'dnsbl_response':
      return lowerResponse(context, directive, out);
    default:
      // A pipeline is no value of the configuration; that it is written is all that conditions ask for.
      context.nestedPipelines.set(
        directive,
        context.stages.pipeline(context, { header: directive, directives: directive.block ?? [], siblings: [] }, out),
      );
      return true;
  }
}

function lowerPlain(spec: DirectiveSpec, directive: ExpandedDirective, out: Finding[]): Value | undefined {
  if (!isPlainType(spec.type)) return undefined;
  const words = wordsOf(directive);
  const reading = readValue(spec.type, words, spec);
  if (reading.ok) return reading.value;
  const later = deferred(spec, words, reading);
  if (later !== null) return later;
  out.push(misreadFinding(directive, spec, reading));
  return undefined;
}

/** Some directives of Madmail name blocks without `&`. */
function markBlock(
  context: Context,
  spec: DirectiveSpec,
  directive: ExpandedDirective,
  name: string,
  out: Finding[],
): void {
  const block = context.registry.find(name);
  if (block !== undefined) {
    block.used = true;
    context.stages.configure(context, block, out);
    return;
  }
  if (spec.unresolved === undefined || context.endpointNames.has(name)) return;
  const arg = directive.args[0];
  out.push(
    finding(
      undefinedReference,
      arg?.origin ?? directive.origin,
      {
        message: `no block named "${name}"`,
        label: 'the bare name of a block, without &',
        details: [`Blocks here: ${listed(context.registry.names())}.`],
      },
      spec.unresolved.replaceAll('{name}', name),
    ),
  );
}
