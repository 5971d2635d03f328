import type { Place } from '../diagnostics/diagnostic.ts';
import { type Module, moduleOf, type Program } from '../ir/ir.ts';
import type { DovecotSockets, MigratedParts } from './migrate.ts';

export interface MigrationNote {
  readonly message: string;
  /** In the file as it was. */
  readonly place: Place | null;
}

/** What only people can do after a migration, and what works otherwise than before. */
export function notesOn(program: Program, parts: MigratedParts, sockets: DovecotSockets): readonly MigrationNote[] {
  const notes: MigrationNote[] = [];
  for (const block of program.blocks.values()) {
    const { module } = block;
    if (!parts.reached.has(module) && module.entry.implements.includes('storage'))
      notes.push(...settingNotes(module, storeSettings));
  }
  for (const endpoint of parts.imap) notes.push(...settingNotes(endpoint, imapSettings));
  const quarantines = firstQuarantine(parts);
  if (quarantines !== null) notes.push(quarantines);
  for (const login of parts.logins) notes.push(loginNote(login));
  for (const { use, directive } of parts.lookups) {
    const name = moduleOf(use)?.name ?? 'the store';
    notes.push({
      message: `${directive?.name ?? 'a table'} asked ${name} which mailboxes exist. Dovecot's sockets do not answer that, so the list is now ${sockets.mailboxList}. Write it with: doveadm user '*' | sed 's/$/:/' > ${sockets.mailboxList}`,
      place: directive === null ? null : { file: directive.origin.file, range: directive.origin.range },
    });
  }
  for (const module of parts.logins) {
    if (parts.reached.has(module)) {
      notes.push({
        message: `${module.name ?? module.entry.name} stays, because it is also looked up as a table: accounts that Dovecot gets later are not in it`,
        place: placeOf(module),
      });
    }
  }
  notes.push({
    message:
      'accounts and mail do not move by themselves: make the accounts in Dovecot, and copy the mail over IMAP (doveadm backup with the imapc driver, or imapsync) while maddy still serves it',
    place: null,
  });
  notes.push({
    message: "Dovecot's side: maddyc dovecot render FILE; then maddyc doctor FILE on the server",
    place: null,
  });
  return notes;
}

/** maddy's own storage puts quarantined messages into Junk; LMTP has no word for it. */
function firstQuarantine({ reached, stores }: MigratedParts): MigrationNote | null {
  const check = [...reached].find(({ entry }) => entry.kind === 'check' && entry.name !== 'check.authorize_sender');
  if (stores.size === 0 || check === undefined) return null;
  return {
    message:
      'messages that a check puts into quarantine went to Junk. LMTP does not say that a message is in quarantine: they come into the inbox, unless a Sieve script sorts by Authentication-Results, or the check rejects (fail_action reject)',
    place: placeOf(check),
  };
}

type SettingNote = readonly [key: string, message: string];

/** Settings of an imap endpoint that someone must find again in Dovecot. */
const imapSettings: readonly SettingNote[] = [
  ['storage_map', 'storage_map translated login names into account names. In Dovecot: auth_username_format'],
  [
    'auth_map',
    'auth_map translated login names for IMAP before the password was checked. In Dovecot: auth_username_format, or what the passdb gives as user',
  ],
  [
    'proxy_protocol',
    'a proxy told the addresses of IMAP clients. In Dovecot: haproxy = yes in the inet_listener, and haproxy_trusted_networks',
  ],
];

/** Settings of a store that someone must find again in Dovecot. */
const storeSettings: readonly SettingNote[] = [
  [
    'delivery_map',
    'delivery_map translated recipients into account names. In Dovecot: auth_username_format = %Ln for accounts without a domain (maddyc dovecot render --names local)',
  ],
  ['auth_map', 'auth_map translated login names into account names. In Dovecot: auth_username_format'],
  ['imap_filter', 'imap_filter chose folders at delivery. In Dovecot: Sieve (package dovecot-sieve)'],
  ['appendlimit', 'appendlimit limited uploads over IMAP. In Dovecot: quota_max_mail_size'],
  ['compression', 'compression packed the mailboxes. In Dovecot: the plugin zlib (mail_compress in 2.4)'],
];

function settingNotes(module: Module, settings: readonly SettingNote[]): readonly MigrationNote[] {
  return settings.flatMap(([key, message]) => {
    const [directive] = module.config.get(key)?.written ?? [];
    if (directive === undefined) return [];
    return [{ message, place: { file: directive.origin.file, range: directive.origin.range } }];
  });
}

function loginNote(module: Module): MigrationNote {
  const name = module.name === null ? module.entry.name : `${module.name} (${module.entry.name})`;
  const what =
    module.entry.name === 'auth.pass_table'
      ? "the password hashes can be taken over: bcrypt:HASH becomes {BLF-CRYPT}HASH in Dovecot's passwd-file"
      : 'let Dovecot ask the same place, by a passdb of its own for it';
  return { message: `logins were checked by ${name}: ${what}`, place: placeOf(module) };
}

const placeOf = ({ header }: Module): Place => ({ file: header.origin.file, range: header.origin.range });
