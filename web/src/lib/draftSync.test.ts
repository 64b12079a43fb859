import { expect, it } from 'vitest';
import type { Draft } from '@/api/gen/basalt/v1/draft_service';
import { DraftSync, type Elsewhere, type Known, type Server } from './draftSync';

/** A server that keeps one draft. */
function world() {
  let stored: Draft | undefined;
  let version = 0;
  const server: Server = {
    get: async () => stored,
    save: async (place, value, etag) => {
      if ((stored?.etag ?? '') !== etag) return { saved: false, draft: stored };
      version += 1;
      stored = { place, value, etag: String(version) };
      return { saved: true, draft: { place, etag: String(version) } };
    },
    remove: async (_, etag) => {
      if (stored?.etag === etag) stored = undefined;
    },
  };
  const browser = () => {
    const said: string[] = [];
    const kept: { last: Known | undefined; offered: Elsewhere | undefined } = {
      last: undefined,
      offered: undefined,
    };
    const sync = new DraftSync(
      'plan:1',
      {
        take: ({ json }) => said.push(`take ${json}`),
        offer: (there) => {
          kept.offered = there;
          said.push(`offer ${there.json}`);
        },
        gone: () => said.push('gone'),
        kept: (known) => {
          kept.last = known;
        },
      },
      server,
    );
    return { sync, said, kept };
  };
  return { browser, stored: () => stored?.value, server };
}

const untouched = () => false;
const touched = () => true;

it('is taken by another browser in which nothing was typed', async () => {
  const { browser, stored } = world();
  const [a, b] = [browser(), browser()];
  await a.sync.open(undefined, untouched);
  await a.sync.save('1');
  await b.sync.open(undefined, untouched);
  expect([b.said, stored()]).toEqual([['take 1'], '1']);
  await b.sync.save('2');
  // The first one had sent all it had: it goes on with the newer one when it is opened again.
  const again = browser();
  await again.sync.open(a.kept.last, untouched);
  expect(again.said).toEqual(['take 2']);
});

it('is offered where both have something new, and nothing is sent before the choice', async () => {
  const { browser, stored } = world();
  const [a, b] = [browser(), browser()];
  await a.sync.save('1');
  await b.sync.open(undefined, touched);
  await b.sync.save('2');
  expect([b.said, stored()]).toEqual([['offer 1'], '1']);
  if (b.kept.offered) b.sync.adopt(b.kept.offered);
  await b.sync.save('2');
  expect(stored()).toBe('2');
  await a.sync.save('3');
  expect([a.said, stored()]).toEqual([['offer 2'], '2']);
});

it('is sent when it could not be sent before', async () => {
  const { browser, stored } = world();
  const b = browser();
  await b.sync.open({ json: '1', etag: '', sent: false }, untouched);
  expect([b.said, stored()]).toEqual([[], '1']);
});

it('goes from a browser when another one has saved it, but not what was typed there since', async () => {
  const { browser, stored } = world();
  const [a, b] = [browser(), browser()];
  await a.sync.save('1');
  const known = a.kept.last;
  await a.sync.drop();
  expect(stored()).toBeUndefined();
  await b.sync.open(known, untouched);
  expect(b.said).toEqual(['gone']);
  const c = browser();
  await c.sync.open(known && { ...known, json: '2', sent: false }, untouched);
  expect([c.said, stored()]).toEqual([[], '2']);
});

it('does not take a newer version of another browser away', async () => {
  const { browser, stored } = world();
  const [a, b] = [browser(), browser()];
  await a.sync.save('1');
  await b.sync.open(undefined, untouched);
  await b.sync.save('2');
  await a.sync.drop();
  expect(stored()).toBe('2');
});

it('goes on when the server cannot be asked', async () => {
  const { browser, server, stored } = world();
  const a = browser();
  const { save } = server;
  server.save = () => Promise.reject(new Error('no network'));
  await a.sync.save('1');
  server.save = save;
  await a.sync.save('2');
  expect([a.said, stored()]).toEqual([[], '2']);
});
