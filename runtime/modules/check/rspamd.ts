import type { ConfigOf } from '../../../compiler/catalog/config-of.ts';
import type { checkRspamd } from '../../../compiler/catalog/modules/check.rspamd.ts';
import { createClientContext } from '../../client/client-tls.ts';
import type { CheckRun, CheckVerdict, MessageContext, ModuleDefinition } from '../../module.ts';
import type { Logger } from '../../observe/log.ts';
import { type RequestFields, RspamdClient, rspamdAddress } from '../../rspamd/client.ts';
import type { RspamdAnswer, RspamdReport } from '../../rspamd/report.ts';
import { WorkLimit } from '../auth/work-limit.ts';
import { applyAction } from './fail-action.ts';
import { contentOf } from './message-content.ts';
import { ownReply } from './own-reply.ts';

type Config = ConfigOf<typeof checkRspamd>;

const name = 'check.rspamd';

/** rspamd gives up a message after 8 s of its own (task_timeout); what hangs must not hold the client's session. */
const longestScan = 60_000;
const mostAtOnce = 128;
const mostWaiting = 1_000;

/** `check.rspamd`: a worker of rspamd judges the message as it came (runtime-mta 13.4). */
export const rspamd: ModuleDefinition<Config> = {
  name,
  create(config, { stateDir, hostLookup, log }) {
    const address = rspamdAddress(config.api_path);
    const secured = address.kind === 'url' && address.url.protocol === 'https:';
    const trust = secured ? createClientContext(config.tls_client, stateDir) : null;
    const client = new RspamdClient(address, trust, longestScan, hostLookup);
    const limit = new WorkLimit(mostAtOnce, mostWaiting);
    const ask: Ask = async (fields, content) =>
      (await limit.run(() => client.ask(fields, content))) ?? {
        kind: 'unreachable',
        reason: 'too many messages are waiting for rspamd',
      };
    return {
      check: { start: (context) => startScan(context, config, ask, log.unnamed) },
      stop: async () => client.close(),
    };
  },
};

type Ask = (...question: Parameters<RspamdClient['ask']>) => Promise<RspamdAnswer>;

function startScan(context: MessageContext, config: Config, ask: Ask, log: Logger): CheckRun {
  const recipients: string[] = [];
  let from = '';
  return {
    sender: (address) => {
      from = address;
      return { kind: 'pass' };
    },
    recipient: (address) => {
      recipients.push(address);
      return { kind: 'pass' };
    },
    body: async (message) => {
      const fields = await requestFields(context, config, { from, recipients });
      const answer = await ask(fields, contentOf(message));
      return verdictOf(answer, config, (action) =>
        log.message('unhandled action', { check: name, msg_id: context.id, action }),
      );
    },
  };
}

/** In the order of the request that maddy was seen to send. */
async function requestFields(
  { client, auth, id }: MessageContext,
  config: Config,
  envelope: { readonly from: string; readonly recipients: readonly string[] },
): Promise<RequestFields> {
  return [
    ['From', envelope.from],
    ['Helo', client?.helo ?? ''],
    ['Hostname', (await client?.reverseName()) ?? ''],
    ['Ip', client?.address ?? ''],
    ['Mta-Name', config.hostname ?? ''],
    ['Mta-Tag', config.tag],
    ['Pass', 'all'],
    ['Queue-Id', id],
    ...envelope.recipients.map((to) => ['Rcpt', to] as const),
    ['Settings-Id', config.settings_id ?? ''],
    ['Tls-Cipher', client?.encryption?.cipher ?? ''],
    ['Tls-Version', client?.encryption?.version ?? ''],
    ['User', auth?.user ?? ''],
  ];
}

function verdictOf(answer: RspamdAnswer, config: Config, unhandled: (action: string) => void): CheckVerdict {
  const failed = ownReply(name, 'temperror');
  switch (answer.kind) {
    case 'unreachable':
      return applyAction(config.io_error_action, failed, answer.reason);
    case 'refused':
      return applyAction(config.error_resp_action, failed, answer.reason);
    case 'unreadable':
      return applyAction(config.io_error_action, { ...failed, enhanced: '4.9.0' }, answer.reason);
    case 'report':
      return verdictOfReport(answer.report, config, unhandled);
  }
}

function verdictOfReport(report: RspamdReport, config: Config, unhandled: (action: string) => void): CheckVerdict {
  const { action } = report;
  const score = ['X-Spam-Score', report.score.toFixed(2)] as const;
  const marked = [score, ['X-Spam-Flag', 'Yes']] as const;
  const fields = { score: report.score, symbols: report.symbols };
  switch (action) {
    case 'no action':
      return { kind: 'pass' };
    case 'greylist':
      return { kind: 'pass', header: [score] };
    case 'add header':
      return {
        ...applyAction(config.add_header_action, ownReply(name, 'add_header'), action),
        header: marked,
        fields,
      };
    case 'rewrite subject':
      return {
        ...applyAction(config.rewrite_subj_action, ownReply(name, 'rewrite_subject'), action),
        header: marked,
        fields,
      };
    case 'soft reject':
      return { ...applyAction(config.soft_reject_action, ownReply(name, 'soft_reject'), action), fields };
    case 'reject':
      return { ...applyAction(config.reject_action, ownReply(name, 'fail'), action), fields };
    default:
      unhandled(action);
      return { kind: 'pass' };
  }
}
