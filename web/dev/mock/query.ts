/** The SQL editor's calls: made-up rows, a refused statement, an error with a place, and what was run. */
import type { QueryHistory, QueryResponse, QueryResult } from '../../src/api/types.ts';
import { nextId, now, state } from './state.ts';

interface Asked {
  name: string;
  statement: string;
  limit?: number;
}

const COLUMNS = 30;
const history: QueryHistory[] = [];

function cell(row: number, column: number): object {
  if ((row + column) % 11 === 0) return { nullValue: null };
  if (column === 0) return { int64Value: String(9007199254740993n + BigInt(row)) };
  if (column === 1) return { stringValue: `Customer ${row}\nsecond line` };
  if (column === 2) return { stringValue: JSON.stringify({ id: row, tags: ['a', 'b'] }) };
  if (column === 3) return { boolValue: row % 2 === 0 };
  if (column === 4) return { doubleValue: row / 7 };
  return { stringValue: `value ${row}.${column}` };
}

const TYPES = ['int8', 'text', 'jsonb', 'bool', 'float8'];

function rows(statement: string, limit: number): QueryResult {
  const count = Math.min(limit, Number(/limit (\d+)/i.exec(statement)?.[1] ?? 5000));
  return {
    statement,
    columnNames: Array.from(
      { length: COLUMNS },
      (_, i) => ['id', 'name', 'data', 'active', 'score'][i] ?? `c${i}`,
    ),
    columnTypeNames: Array.from({ length: COLUMNS }, (_, i) => TYPES[i] ?? 'text'),
    rows: Array.from({ length: count }, (_, row) => ({
      values: Array.from({ length: COLUMNS }, (_, column) => cell(row, column)),
    })),
    rowsCount: String(count),
    latency: '0.042s',
    rowLimit: limit,
    truncation: count === limit ? 'ROW_LIMIT' : undefined,
  };
}

function resultOf(statement: string, limit: number): QueryResult {
  const found = /\b(drop|delete|insert|update|create|alter)\b/i.exec(statement)?.[1];
  if (found) {
    return {
      statement,
      error: `${found.toUpperCase()} changes the database.`,
      errorReason: 'STATEMENT_REFUSED',
      commandError: { commandType: /drop|create|alter/i.test(found) ? 'DDL' : 'DML' },
      errorPosition: { line: 1, column: 1 },
    };
  }
  const missing = /missing/i.exec(statement);
  if (!missing) return rows(statement, limit);
  const line = statement.slice(0, missing.index).split('\n').length;
  return {
    statement,
    error: 'relation "missing" does not exist',
    errorReason: 'STATEMENT_FAILED',
    errorPosition: { line, column: 1 },
    postgresError: {
      code: '42P01',
      message: 'relation "missing" does not exist',
      hint: 'Look at the schema.',
    },
  };
}

export const queryRpcs = {
  'SQLService/Query': ({ name, statement, limit = 1000 }: Asked): QueryResponse => {
    const parts = statement.split(';').filter((part) => part.trim());
    const results = parts.map((part) => resultOf(part, limit));
    const error = results.find((result) => result.error);
    history.unshift({
      name: `${state.databases.get(name)?.project}/queryHistories/${nextId()}`,
      database: name,
      creator: state.me?.name,
      createTime: now(),
      statement,
      error: error?.error,
      duration: '0.042s',
      status: error ? (error.commandError ? 'REFUSED' : 'FAILED') : 'SUCCEEDED',
      rowsCount: results[0]?.rowsCount,
    });
    return { results };
  },
  'QueryHistoryService/SearchQueryHistories': ({ filter = '' }: { filter?: string }) => {
    const text = /contains\("(.*?)"\)/.exec(filter)?.[1]?.toLowerCase() ?? '';
    const database = /database == "(.*?)"/.exec(filter)?.[1];
    const status = /status == "(.*?)"/.exec(filter)?.[1];
    return {
      queryHistories: history.filter(
        (entry) =>
          entry.statement?.toLowerCase().includes(text) &&
          (!database || entry.database === database) &&
          (!status || entry.status === status),
      ),
    };
  },
  'QueryHistoryService/GetQueryHistory': ({ name }: { name: string }) =>
    history.find((entry) => entry.name === name),
};
