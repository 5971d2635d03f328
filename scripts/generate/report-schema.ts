import { Type } from 'typebox';
import type { Outputs } from '../generate.ts';

/** Schema of `check --format json`, for programs that read it. A test holds real reports against it. */
export function reportSchemaFile(): Outputs {
  const position = Type.Object({
    line: Type.Integer({ minimum: 1 }),
    column: Type.Integer({ minimum: 1, description: 'in UTF-16 units' }),
    offset: Type.Integer({ minimum: 0, description: 'in bytes' }),
  });
  const location = Type.Object({ file: Type.String(), start: position, end: position });
  const count = Type.Integer({ minimum: 0 });
  const diagnostic = Type.Object({
    code: Type.String({ pattern: '^M\\d{4}$' }),
    name: Type.String(),
    severity: Type.Enum(['error', 'warning', 'info', 'hint']),
    message: Type.String(),
    label: Type.Union([Type.String(), Type.Null()]),
    details: Type.Array(Type.String()),
    location: Type.Union([location, Type.Null()]),
    related: Type.Array(Type.Object({ message: Type.String(), location })),
    fixes: Type.Array(
      Type.Object({
        title: Type.String(),
        safe: Type.Boolean({ description: 'applied by check --fix; the others by --fix=all' }),
        edits: Type.Array(Type.Object({ location, text: Type.String() })),
      }),
    ),
    docs: Type.String({ description: 'page about the code' }),
  });
  const verdict = { accepted: Type.Boolean(), error: Type.Union([Type.String(), Type.Null()]) };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Findings of maddyc check',
    ...Type.Object({
      version: Type.Literal(1),
      tool: Type.Object({ name: Type.String(), version: Type.String() }),
      files: Type.Array(Type.String(), { description: 'configurations that were checked, without their imports' }),
      diagnostics: Type.Array(diagnostic),
      summary: Type.Object({ error: count, warning: count, info: count, hint: count, fixable: count }),
      reference: Type.Optional(
        Type.Object(verdict, { description: 'with --as maddy-0.9.4 and one file: what maddy itself says of it' }),
      ),
      references: Type.Optional(
        Type.Array(Type.Object({ file: Type.String(), ...verdict }), { description: 'the same for each of files' }),
      ),
    }),
  };
  return new Map([['docs/reference/check.schema.json', `${JSON.stringify(schema, null, 1)}\n`]]);
}
