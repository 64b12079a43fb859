import { Bookmark, BookmarkX, ListFilter, Search, SlidersHorizontal, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDebounced } from '@/hooks/useDebounced';
import { cn } from '@/lib/cn';
import { IconButton } from '@/ui/Button';
import { Menu, MenuCheckbox, MenuItem, MenuLabel, MenuRadio, MenuSeparator } from '@/ui/Menu';
import { type Chip, formatQuery, settledText, takeChips, withChip, withoutChip } from './query';
import type { Density, List } from './useList';

interface Props {
  list: List;
  /** Of the search box: "Search projects". */
  label: string;
  /** Those that can be hidden: key and heading. */
  columns?: readonly { key: string; label: string }[];
  /** More switches of this page. */
  children?: ReactNode;
}

/** Above every list: search with chips, filters, what is shown. */
export function ListBar({ list, label, columns = [], children }: Props) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ChipSearch list={list} label={label} />
      {list.fields.length > 0 && <FilterMenu list={list} />}
      <ViewMenu list={list} columns={columns} />
      {children}
      {list.chipsOnly && list.text && (
        <p role="alert" className="w-full text-small text-warning">
          {t('list.chipsOnly', { keys: list.fields.map(({ key }) => `${key}:`).join(' ') })}
        </p>
      )}
    </div>
  );
}

function ChipSearch({ list, label }: { list: List; label: string }) {
  const { t } = useTranslation();
  const { query, setQuery } = list;
  const keys = list.fields.map((field) => field.key);
  const [typed, setTyped] = useState(query.text);
  const settled = settledText(useDebounced(typed), keys);
  // biome-ignore lint/correctness/useExhaustiveDependencies: writes when the typed text settles, not when the URL moves
  useEffect(() => {
    if (settled !== query.text) setQuery({ ...query, text: settled });
  }, [settled]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the URL (back, clear), not its own typing
  useEffect(() => {
    if (query.text !== settled) setTyped(query.text);
  }, [query.text]);
  const type = (text: string, whole: boolean) => {
    const taken = takeChips(text, keys, whole);
    setTyped(taken.text);
    if (taken.chips.length === 0) return;
    const chips = taken.chips.reduce(withChip, query).chips;
    setQuery({ chips, text: settledText(taken.text, keys) });
  };
  return (
    <div
      className={cn(
        'flex min-h-8 min-w-48 flex-1 flex-wrap items-center gap-1 rounded-input border border-line-strong bg-bg py-0.5 pr-1 pl-8 hover:border-text/60',
        'relative has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-accent',
        query.chips.length > 0 ? 'sm:max-w-140' : 'sm:max-w-80',
      )}
    >
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" aria-hidden="true" />
      {query.chips.map((chip) => (
        <ChipTag key={`${chip.key}:${chip.value}`} chip={chip} list={list} />
      ))}
      <input
        type="search"
        aria-label={label}
        placeholder={query.chips.length > 0 ? undefined : label}
        title={
          keys.length > 0 ? t('list.searchHint', { keys: keys.map((k) => `${k}:`).join(' ') }) : undefined
        }
        value={typed}
        onChange={(event) => type(event.target.value, false)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') type(typed, true);
          const last = query.chips.at(-1);
          if (event.key === 'Backspace' && typed === '' && last) setQuery(withoutChip(query, last));
        }}
        className="h-6 min-w-24 flex-1 bg-transparent outline-none"
      />
    </div>
  );
}

function ChipTag({ chip, list }: { chip: Chip; list: List }) {
  const { t } = useTranslation();
  const field = list.fields.find(({ key }) => key === chip.key);
  const word = field?.values?.find(({ value }) => value === chip.value)?.label ?? chip.value;
  const known = field?.condition(chip.value) !== undefined;
  const text = `${field?.label}: ${word}`;
  return (
    <span
      title={known ? undefined : t('list.unknown')}
      className={cn(
        'inline-flex h-6 max-w-full items-center gap-1 rounded-input border pl-1.5 text-small',
        known ? 'border-line bg-hover' : 'border-danger text-danger',
      )}
    >
      <span className="truncate">{text}</span>
      {!known && <span className="sr-only">{t('list.unknown')}</span>}
      <button
        type="button"
        aria-label={t('list.removeFilter', { filter: text })}
        onClick={() => list.setQuery(withoutChip(list.query, chip))}
        className="grid size-6 shrink-0 place-items-center rounded-input text-muted hover:text-text"
      >
        <X className="size-3.5" aria-hidden="true" />
      </button>
    </span>
  );
}

function FilterMenu({ list }: { list: List }) {
  const { t } = useTranslation();
  const { query, setQuery, saved, setSaved } = list;
  const now = formatQuery(query);
  const has = (chip: Chip) => query.chips.some((c) => c.key === chip.key && c.value === chip.value);
  return (
    <Menu
      align="start"
      trigger={
        <IconButton tone="secondary" label={t('list.filter')}>
          <ListFilter aria-hidden="true" />
        </IconButton>
      }
    >
      {list.fields
        .filter((field) => field.values?.length)
        .map((field) => (
          <div key={field.key}>
            <MenuLabel>{field.label}</MenuLabel>
            {field.values?.map(({ value, label }) => {
              const chip = { key: field.key, value };
              return (
                <MenuCheckbox
                  key={value}
                  checked={has(chip)}
                  onChange={(on) => setQuery(on ? withChip(query, chip) : withoutChip(query, chip))}
                >
                  {label}
                </MenuCheckbox>
              );
            })}
          </div>
        ))}
      {(saved.length > 0 || now) && <MenuSeparator />}
      {saved.length > 0 && <MenuLabel>{t('list.savedFilters')}</MenuLabel>}
      {saved.map((q) => (
        <MenuItem
          key={q}
          icon={<Bookmark aria-hidden="true" />}
          onSelect={() =>
            setQuery(
              takeChips(
                q,
                list.fields.map((field) => field.key),
                true,
              ),
            )
          }
        >
          <span className="truncate">{q}</span>
        </MenuItem>
      ))}
      {now &&
        (saved.includes(now) ? (
          <MenuItem
            icon={<BookmarkX aria-hidden="true" />}
            onSelect={() => setSaved(saved.filter((q) => q !== now))}
          >
            {t('list.forgetFilter')}
          </MenuItem>
        ) : (
          <MenuItem icon={<Bookmark aria-hidden="true" />} onSelect={() => setSaved([...saved, now])}>
            {t('list.saveFilter')}
          </MenuItem>
        ))}
    </Menu>
  );
}

function ViewMenu({ list, columns }: Pick<Props, 'list'> & { columns: NonNullable<Props['columns']> }) {
  const { t } = useTranslation();
  const { hidden, setHidden } = list;
  return (
    <Menu
      align="start"
      trigger={
        <IconButton tone="secondary" label={t('list.view')}>
          <SlidersHorizontal aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuLabel>{t('list.density')}</MenuLabel>
      <MenuRadio<Density>
        value={list.density}
        onChange={list.setDensity}
        options={[
          { value: 'normal', label: t('list.normal') },
          { value: 'compact', label: t('list.compact') },
        ]}
      />
      {columns.length > 1 && (
        <>
          <MenuSeparator />
          <MenuLabel>{t('list.columns')}</MenuLabel>
          {columns.slice(1).map(({ key, label }) => (
            <MenuCheckbox
              key={key}
              checked={!hidden.includes(key)}
              onChange={(on) => setHidden(on ? hidden.filter((k) => k !== key) : [...hidden, key])}
            >
              {label}
            </MenuCheckbox>
          ))}
        </>
      )}
    </Menu>
  );
}
