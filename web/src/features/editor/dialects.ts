/** Which SQL an engine speaks: keywords, quoting and completion of the editor. */
import {
  MariaSQL,
  MSSQL,
  MySQL,
  PLSQL,
  PostgreSQL,
  type SQLDialect,
  SQLite,
  StandardSQL,
  sql,
} from '@codemirror/lang-sql';
import type { Extension } from '@codemirror/state';
import { columnsInReach, type Names } from './completion';

/** By the engine's wire name. */
const DIALECTS: Record<string, SQLDialect> = {
  POSTGRES: PostgreSQL,
  COCKROACHDB: PostgreSQL,
  REDSHIFT: PostgreSQL,
  MYSQL: MySQL,
  TIDB: MySQL,
  OCEANBASE: MySQL,
  STARROCKS: MySQL,
  DORIS: MySQL,
  MARIADB: MariaSQL,
  SQLITE: SQLite,
  MSSQL: MSSQL,
  ORACLE: PLSQL,
};

/** With the names of the schema, when they are known. */
export function language(engine: string | undefined, names: Names | undefined): Extension {
  const dialect = DIALECTS[engine ?? ''] ?? StandardSQL;
  const support = sql({
    dialect,
    upperCaseKeywords: true,
    ...(names ? { schema: names.tree, defaultSchema: names.defaultSchema } : {}),
  });
  if (!names) return support;
  return [support, dialect.language.data.of({ autocomplete: columnsInReach(names, dialect) })];
}
