import type { Host } from '../../compiler/index.ts';
import type { Plan } from '../../compiler/plan/plan.ts';
import { explainRoute } from '../../compiler/routing/explain/explain-route.ts';
import type { RecipientRoute, Suppositions } from '../../compiler/routing/explain/request.ts';
import { conclusion, stepLines } from '../../compiler/routing/explain/route-text.ts';
import { ReplyError } from '../../runtime/module.ts';
import type {
  AuthOutcome,
  Credentials,
  MailParameters,
  SessionBackend,
  SessionClient,
  Transaction,
} from '../../runtime/smtp/backend.ts';

export interface StaticBackendOptions {
  readonly plan: Plan;
  readonly host: Host;
  /** `NAME ADDRESS` */
  readonly endpoint: string;
  readonly ip: string | null;
  readonly suppositions: Suppositions;
  readonly isLmtp: boolean;
  /** The stream can show marks beyond ASCII. */
  readonly marks: boolean;
  /** Told why the next reply is as it is, a line each. */
  readonly tell: (line: string) => void;
}

/** Behind a real session: answers come from the router over what the files say, and nothing is delivered. */
export class StaticBackend implements SessionBackend {
  readonly #options: StaticBackendOptions;

  constructor(options: StaticBackendOptions) {
    this.#options = options;
  }

  hello(): null {
    return null;
  }

  async authenticate(_client: SessionClient, _mechanism: string, { user }: Credentials): Promise<AuthOutcome> {
    this.#options.tell(`assumed: the password of ${user} is right`);
    return { verdict: { kind: 'accepted' }, identity: user };
  }

  mail(client: SessionClient, from: string, { smtputf8 }: MailParameters): Transaction {
    const asked = { auth: client.auth?.user ?? null, from, smtputf8 };
    const [sender] = this.#route(asked, ['postmaster']);
    if (sender?.senderRefused === true && sender.reply !== null) {
      this.#explain(sender);
      throw new ReplyError(sender.reply, {}, { messageId: null });
    }
    return this.#transaction(asked);
  }

  closed(): void {}

  #transaction(asked: Asked): Transaction {
    const { isLmtp, tell } = this.#options;
    const recipients: string[] = [];
    return {
      id: null,
      recipient: (to) => {
        const [route] = this.#route(asked, [to]);
        if (route === undefined) throw new Error('a recipient has a route');
        this.#explain(route);
        if (route.reply !== null && route.stage !== 'data') throw new ReplyError(route.reply, {}, { messageId: null });
        recipients.push(to);
      },
      data: async () => {
        const replies = this.#route(asked, recipients).map(({ reply, stage }) =>
          reply !== null && stage === 'data' ? new ReplyError(reply, {}, { messageId: null }) : null,
        );
        if (replies.every((reply) => reply === null)) tell('the message would be delivered as said above');
        return isLmtp ? replies : [replies.find((reply) => reply !== null) ?? null];
      },
      abort: () => {},
    };
  }

  #route({ auth, from, smtputf8 }: Asked, to: readonly string[]): readonly RecipientRoute[] {
    const { plan, host, endpoint, ip, suppositions } = this.#options;
    const result = explainRoute(plan, { endpoint, ip, auth, from, to, smtputf8 }, suppositions, host);
    if (!result.ok) throw new Error(`no endpoint ${endpoint}`);
    return result.recipients;
  }

  #explain(route: RecipientRoute): void {
    const { plan, marks, tell } = this.#options;
    for (const line of stepLines(route.steps, plan)) tell(line.trimEnd());
    for (const line of conclusion(route, plan, { marks }).trimEnd().split('\n')) tell(line);
  }
}

interface Asked {
  readonly auth: string | null;
  readonly from: string;
  readonly smtputf8: boolean;
}
