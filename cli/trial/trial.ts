import { randomBytes } from 'node:crypto';
import type { Plan } from '../../compiler/plan/plan.ts';
import { compileRoutes } from '../../compiler/routing/compile-routes.ts';
import type { Suppositions } from '../../compiler/routing/explain/request.ts';
import { isFields, textAt, usesAt } from '../../compiler/routing/plan-values.ts';
import { localDomainsOf, ruledDomains } from '../../compiler/routing/prove/local-domains.ts';
import { reachOf } from '../../compiler/routing/prove/reach.ts';
import { asciiDomain } from '../../compiler/text/domain.ts';
import { trialEnvironment } from '../../compiler/trial/trial-environment.ts';
import { type TrialListener, trialListeners } from '../../compiler/trial/trial-listeners.ts';
import { trialPlan } from '../../compiler/trial/trial-plan.ts';
import { givenResolver } from '../../runtime/mailtest/given-resolver.ts';
import { hashPassword } from '../../runtime/modules/auth/new-password-hash.ts';
import { trialCheckModule } from '../../runtime/modules/check/trial-check.ts';
import { type TrialArrival, trialDeliveryModule } from '../../runtime/modules/target/trial-delivery.ts';
import type { Logger } from '../../runtime/observe/log.ts';
import type { ServeOptions } from '../../runtime/serve.ts';
import type { StandIns } from '../../runtime/stand-ins.ts';
import { createSelfSigned } from '../../runtime/tls/self-signed.ts';
import type { ConfigurationFile } from '../configuration.ts';
import { refuseUnknownNames } from '../route/route-request.ts';
import { announcement, arrivalLine } from './announcement.ts';
import { attempts } from './attempts.ts';
import { type SampleFiles, writeSamples } from './samples.ts';
import { TrialDirectory } from './trial-directory.ts';
import { TrialPlaces } from './trial-places.ts';
import type { TrialReport } from './trial-report.ts';

export interface TrialOptions {
  /** The configuration, as it was named. */
  readonly file: string;
  /** `--trial-dir` */
  readonly directory: string | null;
  readonly cwd: string;
  readonly env: Environment;
  /** Opens it anew. */
  readonly open: (env: Environment) => Promise<ConfigurationFile>;
  /** Told which one is tried. */
  readonly opened: (file: ConfigurationFile) => void;
  /** What checks say that are not asked. */
  readonly suppositions: Suppositions;
  /** For people; null when nobody wants to read it. */
  readonly say: ((text: string) => void) | null;
  /** For programs: one line. */
  readonly tell: ((line: string) => void) | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Account {
  readonly user: string;
  readonly password: string;
  readonly hash: string;
}

/** What a configuration says last, as far as the trial goes. */
interface Current {
  readonly plan: Plan;
  readonly file: ConfigurationFile;
  readonly listeners: readonly TrialListener[];
  readonly notes: readonly string[];
  readonly account: Account;
  readonly samples: SampleFiles;
}

const mostRetries = 5;
/** One bcrypt round: the password is thrown away with the directory. */
const bcryptCost = 4;

/** A configuration served where it can do no harm, from its directory to what is said about it. */
export class Trial {
  readonly #standIns: StandIns;
  readonly #options: TrialOptions;
  readonly #directory: TrialDirectory;
  readonly #places: TrialPlaces;
  #account: Account | null = null;
  #current: Current | null = null;
  readonly #remove: () => void;

  /** Throws when the directory cannot be had. */
  constructor(options: TrialOptions) {
    this.#options = options;
    this.#directory = TrialDirectory.open(options.directory, options.cwd);
    this.#directory.mark({});
    this.#places = new TrialPlaces(this.#directory.runtimeDir);
    const delivery = trialDeliveryModule({
      directory: this.#directory.delivered,
      onArrival: (arrival, log) => this.#arrived(arrival, log),
    });
    const modules = new Map([delivery, trialCheckModule].map((each) => [each.name, each]));
    this.#standIns = { resolver: givenResolver({}), modules };
    this.#remove = () => this.#directory.close();
    // A second Ctrl-C ends the process in the middle.
    process.once('exit', this.#remove);
  }

  /**
   * Serves until a signal ends it, and gives the exit code. Between the look at a port and its opening another program may take it:
   * then the next one does.
   */
  async serve(options: ServeOptions, serve: (options: ServeOptions) => Promise<number>): Promise<number> {
    for (let left = mostRetries; ; left -= 1) {
      try {
        return await serve({ ...options, loadPlan: this.#loadPlan, onReady: this.#ready, standIns: this.#standIns });
      } catch (error) {
        if (left === 0 || !isAddressInUse(error)) throw error;
        this.#places.forget();
      }
    }
  }

  /** The plan of the trial. Throws as `run` does, and when nothing of the file can be tried. */
  readonly #loadPlan = async (): Promise<Plan> => {
    const { file, assumed } = await this.#open();
    this.#options.opened(file);
    const plan = await file.plan();
    const { suppositions } = this.#options;
    refuseUnknownNames(plan, suppositions);
    const listeners = trialListeners(plan);
    if (listeners.length === 0)
      throw new Error('nothing to try: no endpoint that maddyc serves is in the configuration');
    await this.#places.assign(listeners);
    this.#account ??= await this.#newAccount(domainOf(file, plan));
    const trial = trialPlan(plan, {
      stateDir: this.#directory.stateDir,
      runtimeDir: this.#directory.runtimeDir,
      account: this.#account,
      certificate: this.#certificate(plan),
      placeOf: this.#places.placeOf,
      checks: suppositions.checks,
      host: file.host,
    });
    const samples = writeSamples(this.#directory, this.#account.user);
    const notes = [...trial.notes, ...assumed];
    this.#current = { plan: trial.plan, notes, file, listeners, account: this.#account, samples };
    return trial.plan;
  };

  /** Variables that are set on the server only are no hindrance as long as their places tell what fits. */
  async #open(): Promise<{ readonly file: ConfigurationFile; readonly assumed: readonly string[] }> {
    const { env, open } = this.#options;
    const file = await open(env);
    const references = await file.planWithReferences();
    const values = references === null ? [] : [...trialEnvironment(references, file.host.env)];
    if (values.length === 0) return { file, assumed: [] };
    const list = values.map(([name, value]) => `${name}=${value}`).join(' ');
    const assumed = [`Not set in the environment, and taken as: ${list}.`];
    return { file: await open({ ...env, ...Object.fromEntries(values) }), assumed };
  }

  #arrived(arrival: TrialArrival, log: Logger): void {
    const { say } = this.#options;
    if (say === null) log.message('arrived', { ...arrival });
    else say(arrivalLine(arrival));
  }

  /** Everything listens. */
  readonly #ready = (): void => {
    const current = this.#current;
    if (current === null) return;
    const { file, say, tell } = this.#options;
    const report = this.#report(current);
    this.#directory.mark(report);
    const { plan, samples } = current;
    const { account, endpoints } = report.trial;
    const tried = attempts({ plan, host: current.file.host, account, endpoints, samples });
    const asksForLogins = plan.endpoints.some(({ config }) => usesAt(config, 'auth').length > 0);
    say?.(announcement({ file, trial: report.trial, directory: this.#directory, attempts: tried, asksForLogins }));
    tell?.(`${JSON.stringify(report)}\n`);
  };

  /** When the server has stopped. */
  close(): void {
    process.off('exit', this.#remove);
    this.#remove();
  }

  #report({ listeners, account: { user, password }, notes }: Current): TrialReport {
    const endpoints = listeners.map((listener) => ({
      name: listener.name,
      configured: listener.configured,
      listens: this.#places.shownPlaceOf(listener),
      tls: listener.tls,
    }));
    return { trial: { directory: this.#directory.path, endpoints, account: { user, password }, notes } };
  }

  /** Mail programs that were set up for an earlier trial in the same directory go on. */
  async #newAccount(domain: string): Promise<Account> {
    const user = `trial@${domain}`;
    const password = passwordOf(this.#directory.earlier, user) ?? randomBytes(6).toString('hex');
    return { user, password, hash: await hashPassword(password, { algorithm: 'bcrypt', cost: bcryptCost }) };
  }

  #certificate(plan: Plan): { readonly cert: string; readonly key: string } {
    const { cert, key } = createSelfSigned([...new Set([...hostnamesOf(plan), 'localhost', '127.0.0.1'])]);
    return { cert: this.#directory.write('certificate.pem', cert), key: this.#directory.write('key.pem', key) };
  }
}

function isAddressInUse(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === 'EADDRINUSE') return true;
  }
  return false;
}

/** The first domain whose mail stays here; without one, that of the host. */
function domainOf(file: ConfigurationFile, plan: Plan): string {
  const [first] = file.isPlan
    ? ruledDomains(reachOf(compileRoutes(plan)))
    : localDomainsOf(file.analyse({ environment: 'expand' }).expansion, plan);
  const [host] = hostnamesOf(plan);
  return asciiDomain(first ?? host ?? '') || 'example.org';
}

function hostnamesOf({ globals, endpoints }: Plan): readonly string[] {
  return [globals, ...endpoints.map(({ config }) => config)].flatMap((config) => {
    const name = asciiDomain(textAt(config, 'hostname') ?? '');
    return name === null || !/^[\w-]+(\.[\w-]+)+$/.test(name) ? [] : [name];
  });
}

function passwordOf(earlier: unknown, user: string): string | null {
  const trial = isFields(earlier) && isFields(earlier.trial) ? earlier.trial : {};
  const account = isFields(trial.account) ? trial.account : {};
  return account.user === user && typeof account.password === 'string' ? account.password : null;
}
