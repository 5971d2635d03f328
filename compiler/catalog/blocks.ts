import { dnsblList } from './blocks/dnsbl-list.ts';
import { dnsblResponse } from './blocks/dnsbl-response.ts';
import { proxyProtocol } from './blocks/proxy-protocol.ts';
import { tlsClient } from './blocks/tls-client.ts';
import { tlsServer } from './blocks/tls-server.ts';
import type { BlockName, BlockSpec } from './define.ts';

/** Blocks with a table of their own that are no modules. */
export const blocks: { readonly [N in BlockName]: BlockSpec } = {
  tls_server: tlsServer,
  tls_client: tlsClient,
  proxy_protocol: proxyProtocol,
  dnsbl_list: dnsblList,
  dnsbl_response: dnsblResponse,
};

export function isBlockName(name: string): name is BlockName {
  return Object.hasOwn(blocks, name);
}
