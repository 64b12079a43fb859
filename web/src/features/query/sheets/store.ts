/**
 * The sheets of this browser's person: one record a sheet in IndexedDB, so that two windows do not write over each
 * other's, and none is lost by a reload. Which is active belongs to the window.
 */
import { useSyncExternalStore } from 'react';
import { leaveDraft, listDrafts, removeDraft, writeDraft } from '@/lib/drafts';
import { newId } from '@/lib/id';
import { arrange, newSheet, reopened, type Sheet, type Sheets, withoutSheet } from './sheet';

const PAUSE_MS = 250;
/** Of the keys of drafts, which belong to the person who is signed in. */
const PREFIX = 'sql-sheet:';
const ACTIVE = 'basalt.sqlEditor.active';

class SheetStore {
  private state: Sheets | undefined;
  private person = '';
  private readonly listeners = new Set<() => void>();
  private readonly pending = new Map<string, ReturnType<typeof setTimeout>>();

  /** Reads what `person` has; the state is undefined until then. */
  async load(person: string): Promise<void> {
    if (this.person === person) return;
    this.person = person;
    this.set(undefined);
    // A browser that forbids storage still edits, it only cannot keep sheets.
    const stored = await listDrafts<Sheet>(PREFIX).catch(() => new Map<string, Sheet>());
    if (this.person !== person) return;
    this.set(arrange([...stored.values()], sessionStorage.getItem(ACTIVE) ?? '', newId));
    window.addEventListener('pagehide', this.leave);
  }

  get = (): Sheets | undefined => this.state;
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  find = (id: string): Sheet | undefined => this.state?.open.find((sheet) => sheet.id === id);

  change(id: string, patch: Partial<Sheet>): void {
    if (!this.state) return;
    this.set({ ...this.state, open: this.state.open.map((s) => (s.id === id ? { ...s, ...patch } : s)) });
    this.keep(id);
  }

  open(given: Partial<Sheet>): Sheet | undefined {
    if (!this.state) return undefined;
    const sheet = newSheet(newId(), this.state.open, given);
    this.set({ ...this.state, open: [...this.state.open, sheet], active: sheet.id });
    this.keep(sheet.id);
    return sheet;
  }

  activate(id: string): void {
    if (this.state && this.state.active !== id) this.set({ ...this.state, active: id });
  }

  close(id: string): void {
    if (!this.state) return;
    const before = this.state;
    this.set(withoutSheet(before, id, Date.now(), newId));
    this.keep(id);
    for (const { id: old } of before.closed) if (!this.anywhere(old)) this.keep(old);
  }

  /** @returns the sheet that is open again. */
  reopen(): Sheet | undefined {
    if (!this.state) return undefined;
    this.set(reopened(this.state));
    const { active } = this.state;
    this.keep(active);
    return this.find(active);
  }

  private set(next: Sheets | undefined): void {
    this.state = next;
    if (next) sessionStorage.setItem(ACTIVE, next.active);
    for (const listener of this.listeners) listener();
  }

  private anywhere = (id: string): Sheet | undefined =>
    [...(this.state?.open ?? []), ...(this.state?.closed ?? [])].find((sheet) => sheet.id === id);

  /** Writes the sheet as it is, or forgets it when it is gone, a moment from now. */
  private keep(id: string): void {
    clearTimeout(this.pending.get(id));
    this.pending.set(
      id,
      setTimeout(() => this.write(id), PAUSE_MS),
    );
  }

  private write(id: string): void {
    this.pending.delete(id);
    const sheet = this.anywhere(id);
    const done = sheet ? writeDraft(PREFIX + id, sheet) : removeDraft(PREFIX + id);
    done.catch(() => {
      // As above: no storage, nothing kept.
    });
  }

  /** The page is left: what is still to be written cannot wait for IndexedDB. */
  private readonly leave = (): void => {
    for (const id of this.pending.keys()) {
      const sheet = this.anywhere(id);
      try {
        if (!sheet) throw new Error('closed');
        leaveDraft(PREFIX + id, sheet);
      } catch {
        // Gone, or too large for this: IndexedDB does it, if the page lives long enough.
        this.write(id);
      }
    }
  };
}

export const sheetStore = new SheetStore();

export const useSheets = () => useSyncExternalStore(sheetStore.subscribe, sheetStore.get);
