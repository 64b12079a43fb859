import { describe, expect, it } from 'vitest';
import { all, contains, equals } from './filter';
import { formatBytes, formatCount } from './format';
import { checkPassword } from './password';
import { fromBase64, sentence, toBase64 } from './text';
import { between, durationMs, formatMs, relativeTime } from './time';
import { safeNext } from './url';

describe('filter', () => {
  it('quotes what people type', () => {
    expect(contains('name', ' a"b\\ ')).toBe('name.contains("a\\"b\\\\")');
    expect(contains('name', '  ')).toBeUndefined();
    expect(all(undefined, equals('state', 'OPEN'), undefined)).toBe('state == "OPEN"');
    expect(all()).toBeUndefined();
  });
});

describe('text', () => {
  it('goes through base64 as UTF-8', () => {
    const text = 'sélect 日本 🪨\n';
    expect(fromBase64(toBase64(text))).toBe(text);
    expect(fromBase64(undefined)).toBe('');
  });

  it('makes a sentence of what the server says', () => {
    expect(sentence('too many attempts; wait ten minutes')).toBe('Too many attempts; wait ten minutes.');
    expect(sentence('Really?')).toBe('Really?');
  });
});

describe('numbers', () => {
  it('does not round 64-bit counts', () => {
    expect(formatCount('9007199254740993')).toBe('9,007,199,254,740,993');
    expect(formatCount(undefined)).toBe('0');
    expect(formatBytes('1536')).toBe('1.5 kB');
    expect(formatBytes(0)).toBe('0 B');
  });
});

describe('time', () => {
  it('speaks of the past and the future', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(relativeTime('2026-11-21T11:59:50Z', now)).toBe('now');
    expect(relativeTime('2026-11-21T11:57:00Z', now)).toBe('3 min. ago');
    expect(relativeTime('2026-11-21T14:00:00Z', now)).toBe('in 2 hr.');
  });

  it('reads durations', () => {
    expect(durationMs('1.25s')).toBe(1250);
    expect(durationMs('soon')).toBeUndefined();
    expect(formatMs(412)).toBe('412 ms');
    expect(formatMs(245_000)).toBe('4 min 05 s');
    expect(between('2026-01-01T00:00:00Z', undefined)).toBeUndefined();
  });
});

describe('passwords', () => {
  it('names each rule that is not met', () => {
    const unmet = (text: string) =>
      checkPassword(text)
        .filter((r) => !r.met)
        .map((r) => r.rule);
    expect(unmet('short')).toEqual(['length', 'number']);
    expect(unmet('long enough 1')).toEqual([]);
    expect(checkPassword('x', { minLength: 12, requireSpecialCharacter: true }).map((r) => r.rule)).toEqual([
      'length',
      'special',
    ]);
  });
});

describe('safeNext', () => {
  it('never leads to another host', () => {
    expect(safeNext('/projects/shop?tab=x#L2')).toBe('/projects/shop?tab=x#L2');
    for (const bad of ['//evil.example', 'https://evil.example', '/\\evil.example', undefined])
      expect(safeNext(bad)).toBe('/');
  });
});
