import { describe, expect, it } from 'vitest';
import { coveringTopics, touches } from './live';

describe('touches', () => {
  it.each([
    ['projects/shop/plans/12', 'projects/shop/plans/12', true],
    ['projects/shop/plans/12', 'projects/shop/plans/12/rollout/stages/test/tasks/1', true],
    ['projects/shop', 'projects/shop/plans/3', true],
    ['projects', 'projects/shop/plans/3', true],
    ['projects/shop/plans/12', 'projects/shop', true],
    ['projects/shop/plans/12', 'projects/shop/plans/1', false],
    ['projects/shop/plans/1', 'projects/shop/plans/12', false],
  ])('topic %s and change of %s: %s', (topic, name, expected) => {
    expect(touches(topic, name)).toBe(expected);
  });
});

describe('coveringTopics', () => {
  it('drops what another topic covers, and doubles', () => {
    expect(coveringTopics(['projects/shop/plans/1', 'projects/shop', 'instances/a', 'instances/a'])).toEqual([
      'instances/a',
      'projects/shop',
    ]);
  });

  it('keeps names that only look alike', () => {
    expect(coveringTopics(['projects/shop', 'projects/shop2'])).toEqual(['projects/shop', 'projects/shop2']);
  });

  it('falls back to projects when there are too many', () => {
    const many = Array.from({ length: 60 }, (_, i) => `projects/shop/plans/${i}`);
    expect(coveringTopics(many)).toEqual(['projects/shop']);
  });
});
