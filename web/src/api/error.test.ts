import { describe, expect, it } from 'vitest';
import { readGrantors } from './error';

describe('who can grant', () => {
  it('is read from a refusal', () => {
    expect(readGrantors('Ada Admin <ada@example.com>\nBo <B> <bo@example.com>')).toEqual([
      { name: 'Ada Admin', email: 'ada@example.com' },
      { name: 'Bo <B>', email: 'bo@example.com' },
    ]);
    expect(readGrantors(undefined)).toEqual([]);
    expect(readGrantors('nobody')).toEqual([]);
  });
});
