import { describe, expect, it } from 'vitest';
import { gistOf, isAbout, isOutdated, lineOf, linesIn, linesOf, split, textOf, threadsOf } from './threads';

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
    expect(linesIn('a\nb\nc', { first: 2, last: 2 })).toBe('b');
    expect(linesIn('a\nb\nc', { first: 1, last: 2 })).toBe('a\nb');
    expect(linesIn('a', { first: 9, last: 9 })).toBe('');
  });

  it('are about as many lines as they were begun with, wherever those are now', () => {
    const thread = (anchor: object) => ({ root: { anchor }, replies: [] });
    const moved = thread({ line: 2, endLine: 4, currentLine: 7 });
    expect(linesOf(moved)).toEqual({ first: 7, last: 9 });
    expect([6, 7, 9, 10].map((line) => isAbout(moved, line))).toEqual([false, true, true, false]);
    expect(linesOf(thread({ line: 2, currentLine: 3 }))).toEqual({ first: 3, last: 3 });
    expect(linesOf(thread({ line: 2, currentLine: 0, outdated: true }))).toBeUndefined();
  });

  it('are told apart by the first line that was said', () => {
    expect(gistOf({ root: { comment: '\nToo **wide**\nmore' }, replies: [] })).toBe('Too wide');
    expect(gistOf({ root: {}, replies: [] })).toBe('');
  });
});
