import { checkNetworks, readListAnswers } from '../catalog/values/network.ts';
import type { Misreading } from '../catalog/values/reading.ts';
import type { ExpandedDirective } from '../expand/expanded.ts';
import type { Context } from './context.ts';
import type { Finding } from './finding.ts';
import type { Fields, Property, Value } from './ir.ts';
import { lowerUse } from './uses.ts';
import { dependsOnEnvironment, misreadFinding } from './words.ts';

/** Directives whose block has a table of its own. */

/** `off`, or a source of certificates and a block. The source is made before the block is read and has no block itself. */
export function lowerTlsServer(context: Context, directive: ExpandedDirective, out: Finding[]): Value {
  if (directive.args[0]?.value === 'off') return { enabled: false };
  const own: Finding[] = [];
  const loader =
    directive.args.length === 0
      ? undefined
      : lowerUse(context, { expects: 'tls_loader', directive, args: directive.args, block: null }, own);
  out.push(...own.map((each) => withoutPlace(each, directive)));
  const block = context.stages.block(
    context,
    { name: 'tls_server', header: directive, children: directive.block ?? [] },
    out,
  );
  const fields = fieldsOf(block);
  return { enabled: true, ...(loader === undefined ? {} : { loader }), ...fields };
}

/** maddy names neither file nor line for a source of certificates in the arguments. */
function withoutPlace(each: Finding, directive: ExpandedDirective): Finding {
  const prefix = `${directive.origin.file.path}:${directive.line}: `;
  return each.maddy?.startsWith(prefix) === true ? { ...each, maddy: each.maddy.slice(prefix.length) } : each;
}

/** Arguments are read over. */
export function lowerTlsClient(context: Context, directive: ExpandedDirective, out: Finding[]): Value {
  return fieldsOf(
    context.stages.block(context, { name: 'tls_client', header: directive, children: directive.block ?? [] }, out),
  );
}

export function lowerProxyProtocol(context: Context, directive: ExpandedDirective, out: Finding[]): Value | undefined {
  const fields = fieldsOf(
    context.stages.block(context, { name: 'proxy_protocol', header: directive, children: directive.block ?? [] }, out),
  );
  const args = directive.args.map((arg) => arg.value);
  const reading = checkNetworks(args);
  if (!reading.ok && !args.some(dependsOnEnvironment)) {
    out.push(misread(directive, 'networks', reading));
    return undefined;
  }
  const trust = Array.isArray(fields.trust) ? fields.trust : [];
  return args.length === 0 ? fields : { ...fields, trust: [...trust, ...args] };
}

/** `ZONE ZONE… { … }`: the directive's name is the first zone. */
export function lowerZones(context: Context, directive: ExpandedDirective, out: Finding[]): Value {
  const fields = fieldsOf(
    context.stages.block(context, { name: 'dnsbl_list', header: directive, children: directive.block ?? [] }, out),
  );
  return { zones: [directive.name, ...directive.args.map((arg) => arg.value)], ...fields };
}

export function lowerResponse(context: Context, directive: ExpandedDirective, out: Finding[]): Value | undefined {
  const args = directive.args.map((arg) => arg.value);
  const reading = readListAnswers(args);
  if (!reading.ok) {
    out.push(misread(directive, 'dnsbl_response', reading));
    return undefined;
  }
  const fields = fieldsOf(
    context.stages.block(context, { name: 'dnsbl_response', header: directive, children: directive.block ?? [] }, out),
  );
  return { networks: args, ...fields };
}

function misread(directive: ExpandedDirective, type: 'networks' | 'dnsbl_response', reading: Misreading): Finding {
  return misreadFinding(directive, { type, doc: '' }, reading);
}

/** Plain fields of a block: what could not be read is left out. */
export function fieldsOf(properties: ReadonlyMap<string, Property>): Fields {
  const fields: { [key: string]: Value | undefined } = {};
  properties.forEach(({ value }, key) => {
    if (value !== undefined) fields[key] = value;
  });
  return fields;
}
