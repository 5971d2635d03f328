import type { DnsProvider } from './dns-provider.ts';
import { callApi } from './http-api.ts';

export interface AcmeDnsAccount {
  /** Base URL of the acme-dns server. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly subdomain: string;
}

/** acme-dns (https://github.com/joohoi/acme-dns): the challenge's name is a CNAME to the account's own subdomain. */
export class AcmeDns implements DnsProvider {
  readonly settling = 1_000;
  readonly #account: AcmeDnsAccount;

  constructor(account: AcmeDnsAccount) {
    if (!URL.canParse(account.url)) throw new Error(`server_url is no URL: ${account.url}`);
    this.#account = account;
  }

  async present(_name: string, value: string): Promise<void> {
    const { url, user, password, subdomain } = this.#account;
    const { status } = await callApi({
      method: 'POST',
      url: `${url.replace(/\/+$/, '')}/update`,
      headers: { 'X-Api-User': user, 'X-Api-Key': password },
      body: { subdomain, txt: value },
    });
    if (status === 401) throw new Error('acme-dns does not accept username, password and subdomain together');
    if (status !== 200) throw new Error(`acme-dns answered ${status}`);
  }

  /** The server keeps the last two values of an account and has no way to remove one. */
  async remove(): Promise<void> {}
}
