/**
 * The database servers that `cargo xtask servers up` started, and a way to them that does not go through Basalt: what
 * a rollout did is read back by another client.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';

export interface Server {
  host: string;
  port: number;
  user: string;
  password: string;
  version: string;
  ca_file: string;
}

/** Rows as objects; a database of that server, or its default one. */
export type Query = (sql: string, database?: string) => Promise<Record<string, unknown>[]>;

const CONNECT_MS = 5_000;

/** @returns undefined when nobody started it; in CI that is an error, because nothing may be skipped there. */
export function server(name: 'postgres' | 'mariadb'): Server | undefined {
  const file = process.env.BASALT_SERVERS ?? resolve(import.meta.dirname, '../../target/servers.json');
  const found = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Server>)[name]
    : undefined;
  if (!found && process.env.CI === 'true') {
    throw new Error(`${name} is not in ${file}: run \`cargo xtask servers up\``);
  }
  return found;
}

export const caOf = (of: Server): string => readFileSync(of.ca_file, 'utf8');

export function postgres(of: Server): Query {
  return async (sql, database = 'postgres') => {
    const { host, port, user, password } = of;
    const client = new pg.Client({
      host,
      port,
      user,
      password,
      database,
      connectionTimeoutMillis: CONNECT_MS,
    });
    await client.connect();
    try {
      const result = await client.query(sql);
      return [result].flat().at(-1)?.rows ?? [];
    } finally {
      await client.end();
    }
  };
}

export function mariadb(of: Server): Query {
  return async (sql, database) => {
    const { host, port, user, password } = of;
    const connection = await mysql.createConnection({
      host,
      port,
      user,
      password,
      database,
      connectTimeout: CONNECT_MS,
      multipleStatements: true,
    });
    try {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    } finally {
      await connection.end();
    }
  };
}

/**
 * Reads a table of a PostgreSQL database in a transaction that stays open until the answer is called, in a session that
 * calls itself `application`.
 */
export async function readTable(
  of: Server,
  database: string,
  table: string,
  application: string,
): Promise<() => Promise<void>> {
  const { host, port, user, password } = of;
  const client = new pg.Client({ host, port, user, password, database, application_name: application });
  await client.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS SHARE MODE`);
  return () => client.end();
}
