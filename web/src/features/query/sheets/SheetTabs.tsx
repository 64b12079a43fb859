import { MoreHorizontal, PencilLine, Plus, RotateCcw, Shield, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProduction, useEnvironment } from '@/features/environments/environments';
import { cn } from '@/lib/cn';
import { databaseId } from '@/lib/names';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';
import type { Sheet, Sheets } from './sheet';

interface Props {
  sheets: Sheets;
  /** The environment of the active sheet's database. */
  environment: string | undefined;
  /** Of the panel that the tabs switch. */
  panel: string;
  onActivate: (sheet: Sheet) => void;
  onClose: (sheet: Sheet) => void;
  onRename: (sheet: Sheet, title: string) => void;
  onNew: () => void;
  onReopen: () => void;
}

export function useSheetTitle() {
  const { t } = useTranslation();
  return ({ title, number }: Sheet) => title || t('sqlEditor.untitled', { number });
}

/** The open sheets. Arrow keys move between them, F2 or a double click renames, Delete closes. */
export function SheetTabs({ sheets, environment, panel, ...on }: Props) {
  const { t } = useTranslation();
  const titleOf = useSheetTitle();
  const [renaming, setRenaming] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const loud = isProduction(useEnvironment(environment));
  const { open, closed, active } = sheets;
  const current = open.find(({ id }) => id === active);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab comes into view
  useEffect(() => {
    list.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [active]);
  const press = (event: KeyboardEvent, sheet: Sheet, place: number) => {
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: open.length - 1 }[event.key];
    const next = to === undefined ? undefined : open[(to + open.length) % open.length];
    if (next) {
      on.onActivate(next);
      list.current?.querySelector<HTMLElement>(`[data-sheet="${next.id}"]`)?.focus();
    } else if (event.key === 'Delete') on.onClose(sheet);
    else if (event.key === 'F2') setRenaming(sheet.id);
    else return;
    event.preventDefault();
  };
  return (
    <div className="flex h-9 shrink-0 items-stretch border-b border-line bg-surface">
      <div
        ref={list}
        role="tablist"
        aria-label={t('sqlEditor.tabs')}
        className="flex min-w-0 items-stretch overflow-x-auto [scrollbar-width:none]"
      >
        {open.map((sheet, place) => {
          const selected = sheet.id === active;
          return sheet.id === renaming ? (
            <Rename
              key={sheet.id}
              title={titleOf(sheet)}
              onDone={(title) => {
                if (title !== undefined) on.onRename(sheet, title);
                setRenaming('');
              }}
            />
          ) : (
            <button
              key={sheet.id}
              type="button"
              role="tab"
              data-sheet={sheet.id}
              aria-selected={selected}
              aria-controls={panel}
              tabIndex={selected ? 0 : -1}
              title={[titleOf(sheet), databaseId(sheet.database)].filter(Boolean).join(' · ')}
              onClick={() => on.onActivate(sheet)}
              onDoubleClick={() => setRenaming(sheet.id)}
              onAuxClick={(event) => event.button === 1 && on.onClose(sheet)}
              onKeyDown={(event) => press(event, sheet, place)}
              className={cn(
                'flex max-w-56 min-w-24 shrink-0 items-center gap-1.5 border-r border-line px-3 text-small focus-visible:-outline-offset-2',
                selected
                  ? 'bg-bg font-medium shadow-[inset_0_2px_0_var(--accent)]'
                  : 'text-muted hover:bg-hover hover:text-text',
              )}
            >
              {selected && loud && <Shield className="size-3.5 shrink-0 text-danger" aria-hidden="true" />}
              <span className="truncate">{titleOf(sheet)}</span>
              {sheet.dirty && (
                <span className="size-1.5 shrink-0 rounded-full bg-accent" title={t('sqlEditor.dirty')}>
                  <span className="sr-only">{t('sqlEditor.dirty')}</span>
                </span>
              )}
            </button>
          );
        })}
      </div>
      <span className="flex shrink-0 items-center gap-0.5 px-1">
        {current && (
          <IconButton
            size="sm"
            label={t('sqlEditor.closeTab', { title: titleOf(current) })}
            onClick={() => on.onClose(current)}
          >
            <X aria-hidden="true" />
          </IconButton>
        )}
        <IconButton size="sm" label={t('sqlEditor.newTab')} onClick={on.onNew}>
          <Plus aria-hidden="true" />
        </IconButton>
        <Menu
          align="start"
          trigger={
            <button
              type="button"
              aria-label={t('sqlEditor.tabMenu')}
              className="grid size-7 place-items-center rounded-button text-muted hover:bg-hover hover:text-text"
            >
              <MoreHorizontal className="size-4" aria-hidden="true" />
            </button>
          }
        >
          <MenuItem
            onSelect={() => setTimeout(() => setRenaming(active))}
            icon={<PencilLine aria-hidden="true" />}
          >
            {t('sqlEditor.renameTab')}
          </MenuItem>
          {closed.length > 0 && (
            <MenuItem onSelect={on.onReopen} icon={<RotateCcw aria-hidden="true" />}>
              {t('sqlEditor.reopenTab')}
            </MenuItem>
          )}
        </Menu>
      </span>
    </div>
  );
}

/** In place of the tab, until Enter keeps the name or Esc does not. */
function Rename({ title, onDone }: { title: string; onDone: (title: string | undefined) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(title);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    // After the menu that was used has given its focus back.
    const timer = setTimeout(() => input.current?.select());
    return () => clearTimeout(timer);
  }, []);
  const end = (value: string | undefined) => {
    if (done.current) return;
    done.current = true;
    onDone(value);
  };
  return (
    <span role="presentation" className="flex items-center border-r border-line bg-bg px-2">
      <input
        ref={input}
        aria-label={t('sqlEditor.tabName')}
        value={text}
        maxLength={80}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => end(text.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter') end(text.trim());
          if (event.key === 'Escape') end(undefined);
        }}
        className="h-6 w-36 rounded-input border border-line-strong bg-bg px-1.5 text-small"
      />
    </span>
  );
}
