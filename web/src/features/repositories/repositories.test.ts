import { describe, expect, it } from 'vitest';
import {
  draftOf,
  FIRST,
  hooksPage,
  maskOf,
  pasted,
  problemsOf,
  shortCommit,
  tokensPage,
  wireOf,
} from './repositories';
import { isOpen, lookOf, toldOf } from './syncs';

const saved = {
  name: 'projects/shop/repositories/1',
  title: 'example/shop',
  vcsType: 'GITHUB' as const,
  url: 'https://github.com',
  path: 'example/shop',
  branch: 'main',
  filePattern: 'migrations/**/*.sql',
  category: '',
  mode: 'POLL' as const,
  pollInterval: '300s',
  targets: ['instances/pg/databases/shop'],
  accessTokenSet: true,
  reportStatus: false,
  etag: 'e1',
};

describe('a watched repository in a form', () => {
  it('takes the address of a page as well as a path', () => {
    expect(pasted(' example/shop ')).toEqual({ path: 'example/shop' });
    expect(pasted('https://github.com/example/shop.git')).toEqual({
      host: 'GITHUB',
      url: '',
      path: 'example/shop',
    });
    expect(pasted('https://github.com/example/shop/tree/main/migrations')).toMatchObject({
      path: 'example/shop',
    });
    expect(pasted('https://gitlab.example.com/a/b/shop/-/tree/main')).toEqual({
      host: 'GITLAB',
      url: 'https://gitlab.example.com',
      path: 'a/b/shop',
    });
    // Nothing tells which kind of host this is: what was chosen stays.
    expect(pasted('https://git.example.com/a/shop')).toEqual({
      url: 'https://git.example.com',
      path: 'a/shop',
    });
    expect(pasted('https://')).toEqual({ path: 'https://' });
  });

  it('names what cannot be right', () => {
    const draft = { ...FIRST, path: 'example/shop' };
    expect(problemsOf(FIRST)).toEqual(['path']);
    expect(problemsOf(draft)).toEqual([]);
    expect(problemsOf({ ...draft, path: 'a/b/shop' })).toEqual(['path']);
    expect(problemsOf({ ...draft, host: 'GITLAB', path: 'a/b/shop' })).toEqual([]);
    for (const path of ['shop', 'a/..', 'a/sh op', '/shop']) {
      expect(problemsOf({ ...draft, path })).toEqual(['path']);
    }
    for (const branch of ['', 'refs/heads/main', 'a b', 'a..b', '-x', 'a/']) {
      expect(problemsOf({ ...draft, branch })).toEqual(['branch']);
    }
    for (const url of ['git.example.com', 'https://a@b.example', 'https://x.example?a=b']) {
      expect(problemsOf({ ...draft, url })).toEqual(['url']);
    }
    for (const files of [' ', '/migrations', 'a/../b'])
      expect(problemsOf({ ...draft, files })).toEqual(['files']);
    expect(problemsOf({ ...draft, interval: null })).toEqual([]);
    expect(problemsOf({ ...draft, mode: 'POLL', interval: null })).toEqual(['interval']);
  });

  it('sends what was changed, and the token only when one was typed', () => {
    const draft = draftOf(saved);
    expect(draft).toMatchObject({ url: '', title: '', token: '' });
    expect(maskOf(draft, saved)).toBe('');
    expect(wireOf(draft, saved)).toMatchObject({ name: saved.name, etag: 'e1', pollInterval: '300s' });
    expect(wireOf(draft, saved)).not.toHaveProperty('accessToken');
    const other = { ...draft, files: 'db', targets: [], token: ' t ' };
    expect(maskOf(other, saved)).toBe('filePattern,targets,accessToken');
    expect(maskOf({ ...draft, report: true }, saved)).toBe('reportStatus');
    expect(wireOf({ ...draft, report: true }, saved).reportStatus).toBe(true);
    expect(wireOf(other, saved)).toMatchObject({ filePattern: 'db', accessToken: 't' });
    // How often it is looked at is the server's own matter with webhooks.
    expect(wireOf({ ...draft, mode: 'WEBHOOK' }, saved).pollInterval).toBeUndefined();
  });

  it('knows the pages of its host', () => {
    expect(hooksPage(saved)).toBe('https://github.com/example/shop/settings/hooks/new');
    expect(hooksPage({ ...saved, vcsType: 'GITLAB', url: 'https://git.example.com' })).toBe(
      'https://git.example.com/example/shop/-/hooks',
    );
    expect(tokensPage({ ...FIRST, host: 'GITLAB', path: 'a/shop' })).toBe(
      'https://gitlab.com/a/shop/-/settings/access_tokens',
    );
    expect(shortCommit('0123456789abcdef')).toBe('01234567');
  });
});

it('says of a repository what matters most', () => {
  expect(lookOf({}).word).toBe('never');
  expect(lookOf({ lastSync: { status: 'DONE' } })).toEqual({ kind: 'done', word: 'DONE' });
  expect(lookOf({ lastSync: { status: 'DONE' }, stopped: 'The token is refused.' }).word).toBe('stopped');
  expect([toldOf('FAILURE'), toldOf('?')]).toEqual(['FAILURE', 'PENDING']);
  expect(isOpen(undefined)).toBe(false);
  expect(isOpen({ status: 'RETRYING' })).toBe(true);
  expect(isOpen({ status: 'WAITING' })).toBe(false);
});
