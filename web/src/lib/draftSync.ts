/**
 * A draft on the server, so that another browser of the same person goes on with it. One object a draft and page.
 *
 * It knows the version that this browser goes on from, and does nothing twice at a time. What another browser has left
 * meanwhile is taken when nothing was typed here, else offered; until somebody decides, nothing is sent. A server that
 * cannot be asked changes nothing: the draft lives on in this browser, and is sent with its next change.
 */
import { call } from '@/api/client';
import type { Draft } from '@/api/gen/basalt/v1/draft_service';

/** Larger ones stay in this browser. */
const MOST_BYTES = 1 << 20;

/** What this browser knows of a draft. */
export interface Known {
  json: string;
  /** The version of the server that it goes on from; '' for none. */
  etag: string;
  /** The server has exactly this. */
  sent: boolean;
}

export interface Elsewhere {
  json: string;
  etag: string;
  at: string | undefined;
}

export interface Heard {
  /** Another browser's text takes the place of the one here, where nothing new was typed. */
  take: (draft: Elsewhere) => void;
  /** Both have something new. */
  offer: (draft: Elsewhere) => void;
  /** Another browser has saved or thrown away what this one has, too. */
  gone: () => void;
  /** The server has this version. */
  kept: (known: Known) => void;
}

export interface Server {
  get: (place: string) => Promise<Draft | undefined>;
  save: (place: string, value: string, etag: string) => Promise<{ saved: boolean; draft: Draft | undefined }>;
  remove: (place: string, etag: string) => Promise<unknown>;
}

const SERVER: Server = {
  get: async (place) => (await call('DraftService/GetDraft', { place })).draft,
  save: async (place, value, etag) => {
    const { saved = false, draft } = await call('DraftService/SaveDraft', { place, value, etag });
    return { saved, draft };
  },
  remove: (place, etag) => call('DraftService/DeleteDraft', { place, etag }),
};

const elsewhere = ({ value = '', etag = '', updateTime }: Draft): Elsewhere => ({
  json: value,
  etag,
  at: updateTime,
});

export class DraftSync {
  private etag = '';
  private sent: string | undefined;
  private offered = false;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly place: string,
    private readonly heard: Heard,
    private readonly server: Server = SERVER,
  ) {}

  /** Compares what is here with what the server has. `touched`: whether somebody has typed since it was read. */
  open(local: Known | undefined, touched: () => boolean): Promise<void> {
    return this.next(async () => {
      const found = await this.server.get(this.place);
      if (!found) {
        if (local?.sent && !touched()) this.heard.gone();
        else if (local && !touched()) await this.put(local.json);
        return;
      }
      const there = elsewhere(found);
      const clean = !touched() && (!local || local.sent);
      if (local?.etag === there.etag || local?.json === there.json) {
        this.etag = there.etag;
        this.sent = there.json;
        if (!touched() && local.json !== there.json) await this.put(local.json);
        else if (!touched() && !local.sent) this.heard.kept({ ...there, sent: true });
      } else if (clean) {
        this.adopt(there);
        this.heard.take(there);
      } else this.ask(there);
    });
  }

  /** Sends what was typed. */
  save = (json: string): Promise<void> => this.next(() => this.put(json));

  /** It was saved, or thrown away: the server forgets this version, not a newer one. */
  drop(): Promise<void> {
    return this.next(async () => {
      if (!this.etag) return;
      const { etag } = this;
      this.etag = '';
      this.sent = undefined;
      await this.server.remove(this.place, etag);
    });
  }

  /** The person has chosen: what comes goes on from the offered version. */
  adopt({ json, etag }: Elsewhere): void {
    this.etag = etag;
    this.sent = json;
    this.offered = false;
  }

  private async put(json: string): Promise<void> {
    if (this.offered || json === this.sent || new Blob([json]).size > MOST_BYTES) return;
    const { saved, draft } = await this.server.save(this.place, json, this.etag);
    if (saved && draft) {
      this.etag = draft.etag ?? '';
      this.sent = json;
      this.heard.kept({ json, etag: this.etag, sent: true });
    } else if (draft && draft.value !== json) this.ask(elsewhere(draft));
    else if (draft) this.adopt(elsewhere(draft));
    else if (this.etag) {
      // Deleted in another browser, and written on in this one.
      this.etag = '';
      await this.put(json);
    }
  }

  private ask(there: Elsewhere): void {
    this.offered = true;
    this.heard.offer(there);
  }

  /** One after the other, and none fails: see the head of the file. */
  private next(work: () => Promise<void>): Promise<void> {
    this.work = this.work.then(work).catch(() => {});
    return this.work;
  }
}
