import { describe, expect, it } from 'vitest';
import { labelOf, nameOf, withName } from './changeName';
import { newChange } from './changes';
import { readDirectives, withDirective } from './directives';
import { optionsOf, readSeconds, withSettings } from './engineOptions';

const change = (statement: string) => ({ ...newChange(), statement });

describe('the name of a change', () => {
  it('is its first comment, not what says how it is run', () => {
    expect(nameOf(change('\n-- txn-mode = off\n-- Points for all\nSELECT 1;'))).toBe('Points for all');
    expect(nameOf(change('SELECT 1; -- not this'))).toBe('');
    expect(labelOf(change('SELECT 1;'))).toBe('SELECT 1;');
    expect(labelOf({ ...change(''), file: { sheet: 's', bytes: 1, name: 'load.sql' } })).toBe('load.sql');
  });

  it('is written where it stands', () => {
    expect(withName('-- txn-mode = off\n-- Old\nSELECT 1;', 'New  name')).toBe(
      '-- txn-mode = off\n-- New name\nSELECT 1;',
    );
    expect(withName('SELECT 1;', 'Name')).toBe('-- Name\nSELECT 1;');
    expect(withName('-- Name\nSELECT 1;', ' ')).toBe('SELECT 1;');
  });
});

describe('directives', () => {
  it('are read before the first statement only', () => {
    expect(readDirectives('-- txn-mode = OFF\n-- txn-isolation=repeatable-read\nSELECT 1;')).toEqual({
      transaction: 'off',
      isolation: 'repeatable read',
    });
    expect(readDirectives('SELECT 1;\n-- txn-mode = off')).toEqual({});
    expect(readDirectives('-- txn-mode = maybe\nSELECT 1;')).toEqual({});
  });

  it('are set in place, and taken out again', () => {
    const script = '-- Points\n\nSELECT 1;\n-- txn-mode = off is only said here\n';
    const off = withDirective(script, 'transaction', 'off');
    expect(off).toBe('-- Points\n-- txn-mode = off\n\nSELECT 1;\n-- txn-mode = off is only said here\n');
    expect(withDirective(off, 'transaction', 'on')).toBe(off.replace('= off\n\n', '= on\n\n'));
    expect(withDirective(off, 'transaction', undefined)).toBe(script);
  });
});

describe('session settings', () => {
  it('have the names and the units of their engine', () => {
    for (const [engine, lock] of [
      ['POSTGRES', { lock_timeout: '1500ms' }],
      ['MARIADB', { lock_wait_timeout: '2', innodb_lock_wait_timeout: '2' }],
      ['SQLITE', { busy_timeout: '1500' }],
    ] as const) {
      const of = optionsOf(engine)?.lockTimeout;
      if (!of) throw new Error(engine);
      expect(withSettings(undefined, of.names, of.write(1.5))).toEqual(lock);
      expect(readSeconds(of, { ...lock })).toBe(engine === 'MARIADB' ? 2 : 1.5);
    }
    const of = optionsOf('POSTGRES')?.lockTimeout;
    expect(of && readSeconds(of, { lock_timeout: '5s' })).toBe(5);
    expect(of && readSeconds(of, { lock_timeout: '2000' })).toBe(2);
    expect(of && readSeconds(of, { lock_timeout: 'DEFAULT' })).toBeUndefined();
  });

  it('leave the others alone', () => {
    expect(withSettings({ search_path: 'a', role: 'x' }, ['role'], undefined)).toEqual({ search_path: 'a' });
    expect(withSettings({ role: 'x' }, ['role'], undefined)).toBeUndefined();
  });
});
