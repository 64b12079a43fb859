/** Paging of lists, and a plain search box for parts of a page; list pages have components/list/ListBar. State is in the URL. */
import { ChevronLeft, ChevronRight, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDebounced } from '@/hooks/useDebounced';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { Button } from '@/ui/Button';
import { controlClass } from '@/ui/Field';
import { EmptyState } from '@/ui/States';

export const PAGE_SIZE = 50;

/** Search text (`?q=`) and page (`?page_token=`) of this list. */
export function useListState(): { q: string; pageToken: string | undefined } {
  const [search] = useSearchState();
  return { q: search.q ?? '', pageToken: search.page_token };
}

export function SearchBox({ label }: { label: string }) {
  const [search, set] = useSearchState();
  const [text, setText] = useState(search.q ?? '');
  const settled = useDebounced(text);
  const current = search.q ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: writes when the typed text settles, not when the URL moves
  useEffect(() => {
    if (settled !== current) set({ q: settled, page_token: undefined });
  }, [settled, set]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the URL (back, clear), not its own typing
  useEffect(() => {
    if (current !== settled) setText(current);
  }, [current]);
  return (
    <div className="relative min-w-48 flex-1 sm:max-w-80">
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" aria-hidden="true" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cn(controlClass(), 'h-8 pl-8!')}
      />
    </div>
  );
}

/** Next and first page. Keyset pages only go forward; the browser's back goes back. */
export function Pager({ nextPageToken }: { nextPageToken: string | undefined }) {
  const { t } = useTranslation();
  const [search, set] = useSearchState();
  if (!nextPageToken && !search.page_token) return null;
  return (
    <nav aria-label={t('list.pages')} className="flex justify-end gap-2">
      {search.page_token && (
        <Button size="sm" onClick={() => set({ page_token: undefined }, { push: true })}>
          <ChevronLeft aria-hidden="true" />
          {t('list.first')}
        </Button>
      )}
      {nextPageToken && (
        <Button size="sm" onClick={() => set({ page_token: nextPageToken }, { push: true })}>
          {t('list.next')}
          <ChevronRight aria-hidden="true" />
        </Button>
      )}
    </nav>
  );
}

/** The filter fits nothing: not the same as an empty list. */
export function NoMatch({ clear = {} }: { clear?: Record<string, undefined> }) {
  const { t } = useTranslation();
  const [, set] = useSearchState();
  return (
    <EmptyState
      title={t('state.noMatch')}
      action={
        <Button onClick={() => set({ q: undefined, page_token: undefined, ...clear })}>
          {t('action.clearFilters')}
        </Button>
      }
    >
      {t('state.noMatchText')}
    </EmptyState>
  );
}
