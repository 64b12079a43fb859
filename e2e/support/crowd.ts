/**
 * Many of everything, made as people make it: files and tables on real engines, found by Basalt's own sync.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Query } from './servers.ts';
import { call } from './shop.ts';

const NAMES = [
  'orders',
  'billing',
  'catalogue',
  'stock',
  'shipping',
  'returns',
  'loyalty',
  'search',
  'mail',
  'audit',
];

/** A SQLite database without tables: its header, and the empty leaf that its schema is. */
function emptyDatabase(): Buffer {
  const file = Buffer.alloc(4096);
  file.write('SQLite format 3\0');
  file.writeUInt16BE(file.length, 16);
  file.set([1, 1, 0, 64, 32, 32], 18);
  // One page, of the schema's fourth format, in UTF-8.
  for (const place of [24, 28, 56, 92]) file.writeUInt32BE(1, place);
  file.writeUInt32BE(4, 44);
  file.writeUInt32BE(3_040_000, 96);
  file.writeUInt8(13, 100);
  file.writeUInt16BE(file.length, 105);
  return file;
}

/** An instance of `count` SQLite databases. @returns a function that deletes them. */
export async function makeDatabases(
  page: Page,
  instance: string,
  count: number,
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'basalt-crowd-'));
  const content = emptyDatabase();
  for (let i = 0; i < count; i += 1) {
    const name = `${NAMES[i % NAMES.length]}_tenant_${String(i).padStart(4, '0')}.db`;
    await writeFile(join(folder, name), content);
  }
  await call(page, 'InstanceService/CreateInstance', {
    instanceId: instance,
    instance: {
      title: `${count} tenants`,
      engine: 'SQLITE',
      environment: 'environments/prod',
      activation: true,
      dataSources: [{ id: 'admin', type: 'ADMIN', host: folder }],
    },
  });
  const found = await call<{ databases: string[] }>(page, 'InstanceService/SyncInstance', {
    name: `instances/${instance}`,
  });
  expect(found.databases).toHaveLength(count);
  return () => rm(folder, { recursive: true, force: true });
}

/** Tables of a shop that has grown: twelve columns each, every one refers to the one before and to `hub`. */
export async function makeTables(query: Query, database: string, count: number): Promise<void> {
  const columns = Array.from({ length: 8 }, (_, i) => `detail_${i} varchar(80) NOT NULL DEFAULT ''`).join(
    ', ',
  );
  const table = (i: number) => `${NAMES[i % NAMES.length]}_${String(i).padStart(4, '0')}`;
  const one = (i: number) =>
    `CREATE TABLE ${table(i)} (id bigint PRIMARY KEY, hub_id bigint REFERENCES hub (id), before_id bigint${
      i > 0 ? ` REFERENCES ${table(i - 1)} (id)` : ''
    }, made_at timestamptz NOT NULL DEFAULT now(), ${columns});`;
  await query('CREATE TABLE hub (id bigint PRIMARY KEY)', database);
  for (let from = 0; from < count; from += 200) {
    const part = Array.from({ length: Math.min(200, count - from) }, (_, i) => one(from + i));
    await query(part.join('\n'), database);
  }
}
