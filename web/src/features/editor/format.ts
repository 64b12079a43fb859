/** Lays SQL out anew. The formatter is loaded when somebody asks for it, with the dialects that it needs. */
import type { DialectOptions } from 'sql-formatter';

/** By the engine's wire name; the others are laid out as standard SQL. */
const DIALECTS = {
  POSTGRES: 'postgresql',
  COCKROACHDB: 'postgresql',
  REDSHIFT: 'postgresql',
  MYSQL: 'mysql',
  TIDB: 'mysql',
  OCEANBASE: 'mysql',
  MARIADB: 'mariadb',
  SQLITE: 'sqlite',
  MSSQL: 'transactsql',
  ORACLE: 'plsql',
} as const;

/** Longer texts are left as they are: laying them out would hold the page up. */
export const FORMAT_MAX = 512 * 1024;

/** The text laid out, with its comments. Throws when it cannot be read. */
export async function formatSql(engine: string | undefined, text: string): Promise<string> {
  const formatter = await import('./formatter');
  const name = DIALECTS[engine as keyof typeof DIALECTS] ?? 'sql';
  const dialect: DialectOptions = formatter[name];
  const end = text.endsWith('\n') ? '\n' : '';
  return (
    formatter.formatDialect(text, { dialect, keywordCase: 'upper', tabWidth: 2, linesBetweenQueries: 1 }) +
    end
  );
}
