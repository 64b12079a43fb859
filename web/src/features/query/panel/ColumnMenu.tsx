import { MoreVertical } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';

/** A column is so much wider or narrower by a press. */
const STEP = 48;

interface Props {
  name: string;
  sorted: boolean;
  /** The only column that shows. */
  only: boolean;
  /** Undefined: as the rows came. */
  onSort: (descending: boolean | undefined) => void;
  onFilter: () => void;
  onWider: (by: number) => void;
  onHide: () => void;
  frozen: boolean;
  onFreeze: () => void;
}

/** What can be done with a column. A plain button until it is pressed: a grid has many, and scrolls. */
export function ColumnMenu(props: Props) {
  const { name, sorted, only, frozen, onSort, onFilter, onWider, onHide, onFreeze } = props;
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const button = (
    <button
      type="button"
      tabIndex={-1}
      aria-haspopup="menu"
      aria-label={t('sqlEditor.columnMenu', { name })}
      onClick={wanted ? undefined : () => setWanted(true)}
      className="grid size-6 place-items-center rounded-input text-muted hover:bg-line hover:text-text"
    >
      <MoreVertical className="size-3.5" aria-hidden="true" />
    </button>
  );
  if (!wanted) return button;
  return (
    <Menu align="start" defaultOpen trigger={button}>
      <MenuItem onSelect={() => onSort(false)}>{t('sqlEditor.ascending')}</MenuItem>
      <MenuItem onSelect={() => onSort(true)}>{t('sqlEditor.descending')}</MenuItem>
      {sorted && <MenuItem onSelect={() => onSort(undefined)}>{t('sqlEditor.unsorted')}</MenuItem>}
      <MenuSeparator />
      <MenuItem onSelect={onFilter}>{t('sqlEditor.filterColumn')}</MenuItem>
      <MenuItem onSelect={() => onWider(STEP)}>{t('sqlEditor.wider')}</MenuItem>
      <MenuItem onSelect={() => onWider(-STEP)}>{t('sqlEditor.narrower')}</MenuItem>
      <MenuItem onSelect={onFreeze}>{t(frozen ? 'sqlEditor.unfreeze' : 'sqlEditor.freeze')}</MenuItem>
      {!only && <MenuItem onSelect={onHide}>{t('sqlEditor.hideColumn')}</MenuItem>}
      <MenuItem onSelect={() => navigator.clipboard.writeText(name)}>{t('sqlEditor.copyName')}</MenuItem>
    </Menu>
  );
}
