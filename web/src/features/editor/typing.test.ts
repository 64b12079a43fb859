import { Text } from '@codemirror/state';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { difference, teller } from './typing';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const long = (last: string) => Text.of(['x'.repeat(70_000), last]);

describe('teller', () => {
  it('tells a short text at each key', () => {
    const tell = vi.fn();
    const { changed } = teller(tell);
    changed(Text.of(['a']));
    changed(Text.of(['ab']));
    expect(tell.mock.calls).toEqual([['a'], ['ab']]);
  });

  it('tells a long text once typing pauses, or when asked', () => {
    const tell = vi.fn();
    const { changed, flush } = teller(tell);
    changed(long('a'));
    changed(long('b'));
    expect(tell).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(tell).toHaveBeenCalledOnce();
    expect(tell.mock.calls[0]?.[0]).toMatch(/b$/);
    changed(long('c'));
    flush();
    vi.runAllTimers();
    expect(tell).toHaveBeenCalledTimes(2);
  });

  it('forgets what another text replaced', () => {
    const tell = vi.fn();
    const { changed, drop } = teller(tell);
    changed(long('a'));
    drop();
    vi.runAllTimers();
    expect(tell).not.toHaveBeenCalled();
  });
});

it('finds the least difference', () => {
  expect(difference('select 1', 'SELECT 1')).toEqual({ from: 0, to: 6, insert: 'SELECT' });
  expect(difference('aaa', 'aaaa')).toEqual({ from: 3, to: 3, insert: 'a' });
  expect(difference('abc', 'abc')).toEqual({ from: 3, to: 3, insert: '' });
  expect(difference('', 'x')).toEqual({ from: 0, to: 0, insert: 'x' });
});
