import { expect, it } from 'vitest';
import type { EngineInfo } from './engines';
import {
  changedPaths,
  EMPTY_INSTANCE,
  fromDataSource,
  instanceErrors,
  instanceIdOf,
  toDataSource,
  toInstance,
} from './form';

const PG: EngineInfo = { kind: 'POSTGRES', title: 'PostgreSQL', defaultPort: 5432, needsHost: true };
const FILE: EngineInfo = { kind: 'SQLITE', title: 'SQLite', needsHost: false };
const values = {
  ...EMPTY_INSTANCE,
  engine: 'POSTGRES',
  title: 'Shop prod',
  host: ' db ',
  username: 'basalt',
  password: 'p',
};

it('names every missing field', () => {
  expect(Object.keys(instanceErrors({ ...EMPTY_INSTANCE, port: '99999' }, PG)).sort()).toEqual([
    'engine',
    'host',
    'port',
    'title',
    'username',
  ]);
  expect(instanceErrors(values, PG)).toEqual({});
  expect(instanceErrors({ ...values, title: '日本' }, PG)).toEqual({ id: 'id' });
  expect(instanceErrors({ ...values, username: '' }, FILE)).toEqual({});
});

it('takes the usual port, and only a path for engines that are files', () => {
  expect(toDataSource(values, PG)).toMatchObject({
    host: 'db',
    port: '5432',
    username: 'basalt',
    password: 'p',
  });
  expect(toDataSource(values, FILE)).toEqual({ id: 'admin', type: 'ADMIN', host: 'db' });
});

it('does not claim to verify TLS without TLS', () => {
  expect(toDataSource(values, PG).verifyTlsCertificate).toBe(false);
  expect(toDataSource({ ...values, useSsl: true }, PG)).toMatchObject({
    verifyTlsCertificate: true,
    skipTlsVerification: false,
  });
  expect(toDataSource({ ...values, useSsl: true, verifyTls: false }, PG).skipTlsVerification).toBe(true);
  expect(fromDataSource({ useSsl: true, skipTlsVerification: true }).verifyTls).toBe(false);
  expect(fromDataSource({ useSsl: true }).verifyTls).toBe(true);
});

it('follows the title with the id until the id is edited', () => {
  expect(instanceIdOf(values)).toBe('shop-prod');
  expect(instanceIdOf({ ...values, id: 'mine', idEdited: true })).toBe('mine');
  expect(toInstance(values, PG)).toMatchObject({
    title: 'Shop prod',
    engine: 'POSTGRES',
    environment: undefined,
  });
});

it('wants a client certificate with its key', () => {
  const half = { ...values, useSsl: true, sslCert: 'PEM' };
  expect(instanceErrors(half, PG)).toEqual({ sslKey: 'pair' });
  expect(changedPaths({ ...half, sslKey: 'PEM' })).toMatch(/sslCert,sslKey/);
});

it('sends a secret only when one was typed', () => {
  const edited = fromDataSource({ host: 'db', username: 'basalt' });
  expect(changedPaths(edited)).not.toContain('password');
  expect(changedPaths({ ...edited, password: 'new' })).toMatch(/(^|,)password(,|$)/);
});
