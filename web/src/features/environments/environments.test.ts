import { describe, expect, it } from 'vitest';
import { contrast, fromHex, isProduction, toHex, visibleOn } from './environments';
import { move, problems, retitle } from './order';

describe('environment colours', () => {
  it('survive the wire', () => {
    for (const hex of ['#000000', '#3b5bdb', '#ffffff']) expect(toHex(fromHex(hex))).toBe(hex);
    expect(toHex({})).toBe('#000000');
    expect(toHex(undefined)).toBeUndefined();
  });

  it('can be told from the ground in both themes, whatever was chosen', () => {
    for (const hex of ['#ffff00', '#000000', '#ffffff', '#c81e1e', '#0e1116']) {
      expect(contrast(visibleOn(hex, false), '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrast(visibleOn(hex, true), '#0e1116')).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast('#000000', '#ffffff')).toBe(21);
  });
});

describe('production', () => {
  it('is what the flag or the name says', () => {
    expect(isProduction({ id: 'live', protected: true })).toBe(true);
    expect(isProduction({ id: 'prod' })).toBe(true);
    expect(isProduction({ id: 'live', tags: { protected: 'protected' } })).toBe(true);
    expect(isProduction({ id: 'product-test' })).toBe(false);
    expect(isProduction(undefined)).toBe(false);
  });
});

describe('order', () => {
  it('moves within bounds only', () => {
    expect(move(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(move(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
    expect(move(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  });

  it('finds what is wrong, and never changes a saved id', () => {
    const list = [
      { id: 'test', title: 'Test' },
      { id: '', title: '' },
      { id: 'test', title: 'TEST' },
    ];
    expect(problems(list)).toEqual([undefined, 'title', 'duplicate']);
    expect(retitle({ title: '' }, 'Pre prod').id).toBe('pre-prod');
    expect(retitle({ name: 'environments/test', id: 'test' }, 'QA')).toMatchObject({
      id: 'test',
      title: 'QA',
    });
  });
});
