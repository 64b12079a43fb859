import { describe, expect, it } from 'vitest';
import { isOutdated, lineIn, lineOf, split, textOf, threadsOf } from './threads';

const about = (name: string, specId: string, currentLine: number, more: object = {}) => ({
  name,
  anchor: { specId, line: 1, currentLine, outdated: currentLine === 0 },
  ...more,
});
const comments = [
  about('c1', 'a', 7),
  { name: 'c2', comment: 'about the issue' },
  about('c3', 'a', 2, { resolver: 'users/ann@x.io' }),
  { name: 'c4', replyTo: 'c1' },
  about('c5', 'b', 1),
  about('c6', 'a', 0),
  { name: 'c7', replyTo: 'c1' },
];

describe('threads', () => {
  it('are those of a change, by line, with their answers', () => {
    const threads = threadsOf(comments, 'a');
    expect(threads.map(({ root, replies }) => [root.name, replies.map(({ name }) => name)])).toEqual([
      ['c6', []],
      ['c3', []],
      ['c1', ['c4', 'c7']],
    ]);
    expect(threads.map(lineOf)).toEqual([0, 2, 7]);
    expect(threads.map(isOutdated)).toEqual([true, false, false]);
  });

  it('are open until they are settled or their lines are gone', () => {
    const { open, past } = split(threadsOf(comments, 'a'));
    expect(open.map(({ root }) => root.name)).toEqual(['c1']);
    expect(past.map(({ root }) => root.name)).toEqual(['c6', 'c3']);
  });

  it('suggest from the line as it is', () => {
    expect(textOf({ root: { anchor: { text: 'a\n' } }, replies: [] })).toBe('a');
    expect(lineIn('a\nb\nc', 2)).toBe('b');
    expect(lineIn('a', 9)).toBe('');
  });
});
