/**
 * The event stream: one EventSource for all tabs of a browser (http:// allows six connections a host).
 *
 * Tabs elect a leader by a Web Lock; every tab tells its topics over a BroadcastChannel, the leader listens
 * for the union of them and passes each event on. An event is only a signal to refetch. When topics are
 * added, the new stream is opened before the old one is closed, and queries of the new topics are refetched
 * once it is open, so nothing is missed in between. While the stream is down, queries poll; once it is back, all are
 * asked again, with those that failed meanwhile. That the browser says it is offline is believed only while there is
 * no stream: a server on the same machine needs no network.
 */
import type { Query, QueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { newId } from './id';

export type LiveState = 'off' | 'live' | 'reconnecting' | 'polling' | 'paused';

export interface Changed {
  name: string;
  kind?: string;
  etag?: string;
}

type Message =
  | { type: 'topics'; tab: string; topics: string[] }
  | { type: 'bye'; tab: string }
  | { type: 'who' }
  | { type: 'state'; state: LiveState }
  | { type: 'changed'; event: Changed }
  | { type: 'fresh'; topics: string[] }
  | { type: 'retry' }
  | { type: 'reset' };

/** A broken stream is called "reconnecting" for this long, then "polling". */
const GRACE_MS = 8_000;
const RETRY_MS = 15_000;
const SETTLE_MS = 60;
/** Events that come together are answered with one refetch; while they keep coming, ever fewer, but everything shows within a second. */
const BATCH_MS = 100;
const BATCH_MAX_MS = 700;
const POLL_MIN_MS = 2_000;
const POLL_MAX_MS = 15_000;
/** Longer lists of topics are cut down to their projects and instances, to keep the URL short. */
const MAX_TOPICS = 40;

/** True when a change of `name` can alter what a query about `topic` shows. */
export function touches(topic: string, name: string): boolean {
  return topic === name || name.startsWith(`${topic}/`) || topic.startsWith(`${name}/`);
}

/** The fewest topics that cover all: no topic stands beside one it lies under. */
export function coveringTopics(topics: Iterable<string>): string[] {
  const sorted = [...new Set(topics)].sort();
  let covering = sorted.filter((t) => !sorted.some((other) => other !== t && t.startsWith(`${other}/`)));
  if (covering.length > MAX_TOPICS) {
    covering = [...new Set(covering.map((t) => t.split('/').slice(0, 2).join('/')))];
  }
  return covering;
}

class Live {
  private readonly tab = newId();
  private readonly own = new Map<string, number>();
  private readonly others = new Map<string, string[]>();
  private readonly listeners = new Set<() => void>();
  private channel: BroadcastChannel | null = null;
  private client: QueryClient | null = null;
  private leader = false;
  private source: EventSource | null = null;
  private openTopics: string[] = [];
  private readonly pending = new Set<string>();
  private batch: ReturnType<typeof setTimeout> | undefined;
  private pace = BATCH_MS;
  private lastBatch = 0;
  private settle: ReturnType<typeof setTimeout> | undefined;
  private grace: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private current: LiveState = 'off';
  private stop: (() => void) | null = null;

  /** Starts listening for this tab; call once somebody is signed in. */
  start(client: QueryClient): void {
    if (this.stop || typeof EventSource === 'undefined') return;
    this.client = client;
    this.channel = new BroadcastChannel('basalt.live');
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => this.receive(data);
    const bye = () => this.post({ type: 'bye', tab: this.tab });
    // A tab that the browser kept whole (back, forward) was not told who listens to what meanwhile.
    const back = (event: PageTransitionEvent) => event.persisted && this.announce();
    window.addEventListener('pagehide', bye);
    window.addEventListener('pageshow', back);
    window.addEventListener('online', this.networkChanged);
    window.addEventListener('offline', this.networkChanged);
    const lock = new AbortController();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const lead = () => {
      this.leader = true;
      this.post({ type: 'who' });
      this.schedule();
    };
    // Without a secure context (plain http to another host) there are no locks: each tab then listens itself.
    if (!navigator.locks) lead();
    navigator.locks
      ?.request('basalt.live', { signal: lock.signal }, () => {
        lead();
        return held;
      })
      .catch(() => {
        // Aborted by stop() before this tab became the leader.
      });
    this.announce();
    this.stop = () => {
      lock.abort();
      release();
      bye();
      window.removeEventListener('pagehide', bye);
      window.removeEventListener('pageshow', back);
      window.removeEventListener('online', this.networkChanged);
      window.removeEventListener('offline', this.networkChanged);
      this.close();
      this.channel?.close();
      this.channel = null;
      this.leader = false;
    };
  }

  /** Stops listening: nobody is signed in any more. */
  end(): void {
    this.stop?.();
    this.stop = null;
    this.setState('off');
  }

  /** Asks for events about these names (and what lies under them) until the returned function is called. */
  subscribe(topics: readonly string[]): () => void {
    for (const topic of topics) this.own.set(topic, (this.own.get(topic) ?? 0) + 1);
    this.announce();
    return () => {
      for (const topic of topics) {
        const left = (this.own.get(topic) ?? 1) - 1;
        if (left > 0) this.own.set(topic, left);
        else this.own.delete(topic);
      }
      this.announce();
    };
  }

  state = (): LiveState =>
    (this.current === 'reconnecting' || this.current === 'polling') && !navigator.onLine
      ? 'paused'
      : this.current;

  /** Opens the stream now if it is closed: the reason why it was refused is gone. */
  retry(): void {
    this.broadcast({ type: 'retry' });
  }

  private networkChanged = (): void => {
    if (this.leader) this.open(true);
    this.tell();
  };

  onState = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private announce(): void {
    this.post({ type: 'topics', tab: this.tab, topics: [...this.own.keys()] });
    if (this.leader) this.schedule();
  }

  private post(message: Message): void {
    this.channel?.postMessage(message);
  }

  private receive(message: Message): void {
    switch (message.type) {
      case 'topics':
        // A tab that just came has not heard how the stream is.
        if (this.leader && !this.others.has(message.tab)) this.post({ type: 'state', state: this.current });
        this.others.set(message.tab, message.topics);
        if (this.leader) this.schedule();
        break;
      case 'bye':
        this.others.delete(message.tab);
        if (this.leader) this.schedule();
        break;
      case 'who':
        this.post({ type: 'topics', tab: this.tab, topics: [...this.own.keys()] });
        break;
      case 'state':
        this.setState(message.state);
        break;
      case 'changed':
        this.apply(message.event);
        break;
      case 'fresh':
        this.refetch((topic) => message.topics.some((t) => touches(t, topic)));
        break;
      case 'retry':
        if (this.leader && this.current !== 'live') this.open(true);
        break;
      case 'reset':
        this.client?.invalidateQueries({
          predicate: ({ meta, state }: Query) => state.status === 'error' || (meta?.topics ?? []).length > 0,
        });
        break;
    }
  }

  private broadcast(message: Message): void {
    this.receive(message);
    this.post(message);
  }

  private schedule(): void {
    clearTimeout(this.settle);
    this.settle = setTimeout(() => this.open(), SETTLE_MS);
  }

  private open(force = false): void {
    const topics = coveringTopics([...this.own.keys(), ...[...this.others.values()].flat()]);
    const same = topics.join() === this.openTopics.join();
    if (same && this.source && !force) return;
    if (topics.length === 0) return;
    const added = topics.filter((t) => !this.openTopics.includes(t));
    const old = this.source;
    const query = topics.map((t) => `topic=${encodeURIComponent(t)}`).join('&');
    const source = new EventSource(`/api/events?${query}`);
    this.source = source;
    this.openTopics = topics;
    source.onopen = () => {
      old?.close();
      clearTimeout(this.grace);
      this.grace = undefined;
      clearTimeout(this.again);
      const wasDown = this.current === 'reconnecting' || this.current === 'polling';
      this.broadcast({ type: 'state', state: 'live' });
      // It goes on where it stopped, but what was asked meanwhile may have failed.
      if (wasDown) this.broadcast({ type: 'reset' });
      else if (added.length > 0) this.broadcast({ type: 'fresh', topics: added });
    };
    source.onerror = () => {
      old?.close();
      if (this.source !== source) return;
      if (this.current === 'live') this.broadcast({ type: 'state', state: 'reconnecting' });
      // Each try of the browser's own ends here too: the time counts from the first.
      this.grace ??= setTimeout(() => this.broadcast({ type: 'state', state: 'polling' }), GRACE_MS);
      if (source.readyState === EventSource.CLOSED) {
        clearTimeout(this.again);
        this.again = setTimeout(() => this.open(true), RETRY_MS);
      }
    };
    source.addEventListener('changed', (event) => {
      this.broadcast({ type: 'changed', event: JSON.parse((event as MessageEvent<string>).data) });
    });
    source.addEventListener('reset', () => this.broadcast({ type: 'reset' }));
  }

  private close(): void {
    clearTimeout(this.settle);
    clearTimeout(this.grace);
    this.grace = undefined;
    clearTimeout(this.again);
    this.source?.close();
    this.source = null;
    this.openTopics = [];
  }

  private apply(event: Changed): void {
    this.pending.add(event.name);
    if (this.batch !== undefined) return;
    const quiet = Date.now() - this.lastBatch > 2 * BATCH_MAX_MS;
    this.pace = quiet ? BATCH_MS : Math.min(BATCH_MAX_MS, this.pace * 2);
    this.batch = setTimeout(() => {
      const names = [...this.pending];
      this.pending.clear();
      this.batch = undefined;
      this.lastBatch = Date.now();
      this.refetch((topic) => names.some((name) => touches(topic, name)));
    }, this.pace);
  }

  private refetch(about: (topic: string) => boolean): void {
    this.client?.invalidateQueries({
      predicate: (query: Query) => (query.meta?.topics ?? []).some(about),
    });
  }

  private setState(state: LiveState): void {
    if (this.current === state) return;
    this.current = state;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

export const live = new Live();

export const useLiveState = () => useSyncExternalStore(live.onState, live.state);

/** How often watched queries poll: never while the stream is up; else 2 s, growing to 15 s. */
export function usePollInterval(): number | false {
  const polling = useLiveState() === 'polling';
  const [interval, setInterval] = useState(POLL_MIN_MS);
  useEffect(() => {
    if (!polling) {
      setInterval(POLL_MIN_MS);
      return;
    }
    const timer = setTimeout(() => setInterval((ms) => Math.min(POLL_MAX_MS, ms * 1.5)), interval * 3);
    return () => clearTimeout(timer);
  }, [polling, interval]);
  return polling ? interval : false;
}
