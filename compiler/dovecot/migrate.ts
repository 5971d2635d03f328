import { type Analysis, analyse } from '../analyse.ts';
import type { Diagnostic, TextEdit } from '../diagnostics/diagnostic.ts';
import type { Host } from '../host.ts';
import { type Block, type Module, moduleOf, type Program, Reference } from '../ir/ir.ts';
import { type ChangedFile, changedFiles, withChanges } from './changed-files.ts';
import { DirectiveEdits } from './directive-edits.ts';
import { type MigrationNote, notesOn } from './migration-notes.ts';
import { type PlacedUse, placedUsesOf, placedUsesOfGlobals } from './placed-uses.ts';

export interface DovecotSockets {
  /** Address of Dovecot's LMTP listener, as `targets` takes it. */
  readonly lmtp: string;
  /** Address of its auth client listener. */
  readonly auth: string;
  /** Table file for places that ask the mailbox store whether there is such a mailbox: Dovecot's sockets do not answer that. */
  readonly mailboxList: string;
  /** Only mailboxes move: who checks passwords stays. */
  readonly keepAuth: boolean;
}

export const usualSockets: DovecotSockets = {
  lmtp: 'unix:///run/dovecot/lmtp-maddy',
  auth: 'unix:///run/dovecot/auth-maddy-client',
  mailboxList: '/etc/maddy/mailboxes',
  keepAuth: false,
};

export type Migration =
  | {
      readonly migrated: true;
      readonly edits: readonly TextEdit[];
      readonly files: readonly ChangedFile[];
      /** What is left to do, and what is different afterwards. */
      readonly notes: readonly MigrationNote[];
    }
  | {
      readonly migrated: false;
      readonly because: 'nothing-to-migrate' | 'errors' | 'other-dialect' | 'result-has-errors';
      readonly message: string;
      /** The errors that stand in the way, of `analysis`. */
      readonly diagnostics: readonly Diagnostic[];
      readonly analysis: Analysis;
    };

/**
 * The step of the guide for any configuration: IMAP endpoints go, their mailbox storage becomes an LMTP target under its old
 * name, so that everything which delivers there goes on doing so, and logins are checked by Dovecot. Comments and layout stay.
 * Pure: gives edits; the result was checked and has no errors.
 */
export function migrateToDovecot(analysis: Analysis, host: Host, sockets: DovecotSockets = usualSockets): Migration {
  const unchanged = reasonAgainst(analysis);
  if (unchanged !== null) return unchanged;
  const { program } = analysis;
  const edits = new DirectiveEdits();
  const parts = partsOf(program, sockets);
  editEndpoints(program, edits);
  // The first change of a directive counts: what goes is not changed as well.
  if (!sockets.keepAuth) for (const module of parts.reached) dropSecondLogins(module, parts, edits);
  for (const use of parts.used) editUse(use, parts, sockets, edits);
  for (const block of program.blocks.values()) editBlock(block, parts, sockets, edits);
  const files = changedFiles(edits.edits, host);
  const result = analyse(analysis.main, withChanges(host, files), { dialect: 'maddy' });
  const errors = errorsOf(result);
  if (errors.length > 0) {
    return {
      migrated: false,
      because: 'result-has-errors',
      message: 'after the migration it would have these errors, so nothing was changed',
      diagnostics: errors,
      analysis: result,
    };
  }
  return { migrated: true, edits: edits.edits, files, notes: notesOn(program, parts, sockets) };
}

function reasonAgainst(analysis: Analysis): Migration | null {
  const { loadErrors } = analysis;
  const no = (because: (Migration & { migrated: false })['because'], message: string): Migration => ({
    migrated: false,
    because,
    message,
    diagnostics: loadErrors,
    analysis,
  });
  if (analysis.dialect !== 'maddy') {
    return no('other-dialect', `this is a file for ${analysis.dialect}: only files for maddy can be migrated`);
  }
  // Errors about what goes away, as a port that imap and smtp both take, are no obstacle: the result is what counts.
  if (loadErrors.length > 0) return no('errors', 'it has errors, which have to be repaired first');
  if (!analysis.program.endpoints.some(isImap)) {
    return no('nothing-to-migrate', 'it has no imap endpoint: there is nothing to move to Dovecot');
  }
  return null;
}

const errorsOf = ({ diagnostics }: Analysis): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error');

const isImap = ({ entry }: Module): boolean => entry.name === 'imap';

export const isMailboxStore = (module: Module): boolean =>
  module.entry.implements.includes('storage') || module.entry.name === 'target.imapsql';

/** What the migration is about. */
export interface MigratedParts {
  readonly imap: readonly Module[];
  /** Modules that check passwords now and leave it to Dovecot. */
  readonly logins: ReadonlySet<Module>;
  /** What stays, without the mailbox stores. */
  readonly reached: ReadonlySet<Module>;
  /** Mailbox stores that something delivers to. */
  readonly stores: ReadonlySet<Module>;
  /** All uses in what stays. */
  readonly used: readonly PlacedUse[];
  /** Places that ask a mailbox store whether it has a mailbox. */
  readonly lookups: readonly PlacedUse[];
}

function partsOf(program: Program, { keepAuth }: DovecotSockets): MigratedParts {
  const imap = program.endpoints.filter(isImap);
  const logins = keepAuth ? new Set<Module>() : loginsOf(program, imap);
  const reached = new Set<Module>();
  const used: PlacedUse[] = [];
  const waiting: PlacedUse[] = [...placedUsesOfGlobals(program.globals)];
  for (const endpoint of program.endpoints) {
    if (isImap(endpoint)) continue;
    reached.add(endpoint);
    for (const placed of placedUsesOf(endpoint)) waiting.push(placed);
  }
  // What is found is looked at in its turn.
  for (const placed of waiting) {
    const module = moduleOf(placed.use);
    if (module === undefined) continue;
    used.push(placed);
    if (isMailboxStore(module)) continue;
    if (!(logins.has(module) && placed.wanted === 'plain_auth') && !reached.has(module)) {
      reached.add(module);
      if (placed.use instanceof Reference) for (const inside of placedUsesOf(module)) waiting.push(inside);
    }
  }
  const lookups = used.filter(({ use, wanted }) => {
    const module = moduleOf(use);
    return wanted === 'table' && module !== undefined && isMailboxStore(module);
  });
  const delivered = used.flatMap(({ use, wanted }) => (wanted === 'delivery_target' ? (moduleOf(use) ?? []) : []));
  const stores = new Set(delivered.filter(isMailboxStore));
  return { imap, logins, reached, stores, used, lookups };
}

/** Who knows the passwords of IMAP users, and every database of passwords: one place for them is the point of it. */
function loginsOf(program: Program, imap: readonly Module[]): Set<Module> {
  const logins = new Set<Module>();
  const uses = [...program.endpoints, ...[...program.blocks.values()].map(({ module }) => module)].flatMap(
    placedUsesOf,
  );
  const asked = [...imap.flatMap(placedUsesOf), ...uses.filter(({ use }) => moduleOf(use)?.entry.name === passTable)];
  for (const { use, wanted } of asked) {
    const module = moduleOf(use);
    if (wanted === 'plain_auth' && module !== undefined && !isDovecotSasl(module)) logins.add(module);
  }
  return logins;
}

const passTable = 'auth.pass_table';
const isDovecotSasl = ({ entry }: Module): boolean => entry.name === 'dovecot_sasl';

function editEndpoints(program: Program, edits: DirectiveEdits): void {
  for (const endpoint of program.endpoints) if (isImap(endpoint)) edits.remove(endpoint.header);
}

function editUse(
  { use, wanted, directive }: PlacedUse,
  parts: MigratedParts,
  sockets: DovecotSockets,
  edits: DirectiveEdits,
): void {
  const module = moduleOf(use);
  if (module === undefined || directive === null) return;
  const isInline = !(use instanceof Reference);
  if (wanted === 'plain_auth' && parts.logins.has(module)) {
    edits.replaceArguments(directive, `dovecot_sasl ${sockets.auth}`, 'with-block');
  } else if (wanted === 'table' && isMailboxStore(module)) {
    edits.replaceArguments(directive, `file ${sockets.mailboxList}`, 'without-block');
  } else if (wanted === 'delivery_target' && isInline && isMailboxStore(module)) {
    edits.replaceArguments(directive, `lmtp ${sockets.lmtp}`, 'with-block');
  }
}

/** Two databases of passwords become one Dovecot, which is asked once. */
function dropSecondLogins(module: Module, { logins }: MigratedParts, edits: DirectiveEdits): void {
  let isAsked = false;
  for (const { use, wanted, directive } of placedUsesOf(module)) {
    const used = moduleOf(use);
    if (wanted !== 'plain_auth' || used === undefined || directive?.name !== 'auth') continue;
    const asksDovecot = isDovecotSasl(used) || logins.has(used);
    if (asksDovecot && isAsked) edits.remove(directive);
    isAsked ||= asksDovecot;
  }
}

function editBlock(block: Block, parts: MigratedParts, sockets: DovecotSockets, edits: DirectiveEdits): void {
  const { module, header } = block;
  if (parts.reached.has(module)) return;
  if (parts.stores.has(module)) edits.remake(header, 'target.lmtp', [`targets ${sockets.lmtp}`]);
  else edits.remove(header);
}
