import { describe, expect, it } from 'vitest';
import { conditionOf, formatQuery, parseQuery, settledText, takeChips, withChip, withoutChip } from './query';

const KEYS = ['environment', 'label'];

describe('the query of a list', () => {
  it('tells chips from text, and comes back the same', () => {
    const query = parseQuery('environment:prod  big label:"team=data platform" shop http://x', KEYS);
    expect(query).toEqual({
      chips: [
        { key: 'environment', value: 'prod' },
        { key: 'label', value: 'team=data platform' },
      ],
      text: 'big shop http://x',
    });
    expect(formatQuery(query)).toBe('environment:prod label:"team=data platform" big shop http://x');
    expect(parseQuery(formatQuery(query), KEYS)).toEqual(query);
  });

  it('takes a chip out of what is typed once it is complete', () => {
    expect(takeChips('environment:pr', KEYS, false)).toEqual({ chips: [], text: 'environment:pr' });
    const done = { chips: [{ key: 'environment', value: 'prod' }], text: '' };
    expect(takeChips('environment:prod ', KEYS, false)).toEqual(done);
    expect(takeChips('environment:prod', KEYS, true)).toEqual(done);
    expect(takeChips('shop environment:prod lab', KEYS, false)).toMatchObject({ text: 'shop lab' });
    expect(takeChips('environment:prod label:a', KEYS, false)).toMatchObject({ text: 'label:a' });
    expect(takeChips('label:"data pl', KEYS, false)).toEqual({ chips: [], text: 'label:"data pl' });
    expect(takeChips('two  words ', KEYS, false)).toEqual({ chips: [], text: 'two  words ' });
  });

  it('does not search for half a chip', () => {
    expect(settledText('shop environment:p', KEYS)).toBe('shop');
    expect(settledText('shop http://x', KEYS)).toBe('shop http://x');
  });

  it('joins values of one key by or, keys by and, and leaves out what means nothing', () => {
    const one = { key: 'environment', value: 'prod' };
    const query = withChip(withChip({ chips: [one], text: '' }, { key: 'environment', value: 'test' }), one);
    expect(query.chips).toHaveLength(2);
    const all = withChip(query, { key: 'label', value: '?' });
    const words = ({ key, value }: { key: string; value: string }) =>
      value === '?' ? undefined : `${key} == "${value}"`;
    expect(conditionOf(all.chips, words)).toBe('(environment == "prod" || environment == "test")');
    expect(conditionOf(withoutChip(all, one).chips, words)).toBe('environment == "test"');
    expect(conditionOf([], words)).toBeUndefined();
  });
});
