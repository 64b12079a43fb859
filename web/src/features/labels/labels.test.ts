import { expect, it } from 'vitest';
import { commonLabels, labelProblems, labelsOf, relabelled, rowsOf } from './labels';

it('names what is wrong with a row, and skips empty ones', () => {
  const rows = [
    { key: 'team', value: 'shop' },
    { key: 'Team', value: '' },
    { key: '', value: 'x' },
    { key: 'team', value: 'x' },
    { key: 'tier', value: 'x'.repeat(64) },
    { key: 'owner', value: 'data platform' },
    { key: '', value: '' },
  ];
  expect(labelProblems(rows)).toEqual([undefined, 'key', 'key', 'duplicate', 'value', 'value', undefined]);
  expect(labelsOf(rowsOf({ team: 'shop' }))).toEqual({ team: 'shop' });
});

it('edits what several share and leaves what each has of its own', () => {
  const [a, b] = [
    { team: 'shop', tier: '1' },
    { team: 'shop', tier: '2', region: 'eu' },
  ];
  const shared = commonLabels([a, b]);
  expect(shared).toEqual({ team: 'shop' });
  expect(relabelled(b, shared, { owner: 'ann' })).toEqual({ tier: '2', region: 'eu', owner: 'ann' });
  expect(relabelled(a, shared, { team: 'core' })).toEqual({ tier: '1', team: 'core' });
});
