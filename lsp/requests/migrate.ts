import type { TextEdit } from 'vscode-languageserver';
import { type MigrateAnswer, type MigrateParams, migrateMethod } from '../protocol.ts';
import type { Session } from '../session.ts';
import { aboutConfiguration, answered, type Configuration, obstaclesOf, onAsk, refusal } from './answer.ts';

/** What would change with Dovecot. */
export function registerMigrate(session: Session): void {
  onAsk(session, migrateMethod, (params: MigrateParams) => migrate(session, params));
}

/** The engine is loaded by the first who asks for it. */
export async function migrate(session: Session, { uri, ...wanted }: MigrateParams): Promise<MigrateAnswer> {
  const engine = await import('../../compiler/dovecot/migrate.ts');
  const answer = await aboutConfiguration(session, uri, (configuration) =>
    migrated(engine, session, configuration, wanted),
  );
  return 'because' in answer || answer.ok ? answer : { ...answer, because: 'errors' };
}

function migrated(
  { migrateToDovecot, usualSockets }: typeof import('../../compiler/dovecot/migrate.ts'),
  session: Session,
  configuration: Configuration,
  wanted: Omit<MigrateParams, 'uri'>,
): MigrateAnswer {
  const { analysis } = configuration;
  const migration = migrateToDovecot(analysis.compiled ?? configuration.compiled, analysis.host, {
    lmtp: wanted.lmtp ?? usualSockets.lmtp,
    auth: wanted.auth ?? usualSockets.auth,
    mailboxList: wanted.mailboxList ?? usualSockets.mailboxList,
    keepAuth: wanted.keepAuth ?? usualSockets.keepAuth,
  });
  if (!migration.migrated) {
    const errors = obstaclesOf(session, migration.diagnostics, analysis);
    return { ...refusal(migration.message, errors), because: migration.because };
  }
  const changes: Record<string, TextEdit[]> = {};
  for (const { file, range, text } of migration.edits) {
    const target = session.workspace.spelled(analysis.uriOf(file));
    changes[target] ??= [];
    changes[target].push({ range: session.positions.rangeOf(file, range), newText: text });
  }
  return {
    ...answered(configuration),
    files: migration.files.map(({ path, before, after }) => ({ uri: analysis.uriOf({ path }), before, after })),
    edit: { changes },
    notes: obstaclesOf(session, migration.notes, analysis),
  };
}
