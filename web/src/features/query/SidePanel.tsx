import { X } from 'lucide-react';
import { Tabs as Primitive } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import type { QueryHistory } from '@/api/types';
import { Needs } from '@/features/access/Forbidden';
import { useMedia } from '@/hooks/useMedia';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { IconButton } from '@/ui/Button';
import { HistoryPanel } from './panel/HistoryPanel';
import { SchemaTree } from './schema/SchemaTree';

const PANELS = ['schema', 'history'] as const;

interface Props {
  project: string;
  database: string;
  engine: string | undefined;
  onInsert: (text: string) => void;
  onShowRows: (name: string) => void;
  onOpen: (entry: QueryHistory) => void;
}

/** Beside the sheets: what is in the database, and what was run. Which of them is in the URL. */
export function SidePanel({ project, database, engine, onInsert, onShowRows, onOpen }: Props) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchState();
  const wide = useMedia('(min-width: 64rem)');
  // A phone shows one only when it is asked for.
  const panel = PANELS.find((name) => name === search.panel) ?? (wide ? 'schema' : '');
  const set = (next: string) => setSearch({ panel: wide && next === 'schema' ? undefined : next });
  return (
    <Primitive.Root
      value={panel}
      onValueChange={set}
      activationMode={wide ? 'automatic' : 'manual'}
      className={cn(
        'flex min-h-0 shrink-0 flex-col border-line bg-surface max-lg:border-b lg:w-72 lg:border-r',
        panel !== '' && 'max-lg:h-72',
      )}
    >
      <div className="flex h-9 shrink-0 items-stretch border-b border-line px-1">
        <Primitive.List aria-label={t('sqlEditor.panels')} className="flex items-stretch">
          {PANELS.map((name) => (
            <Primitive.Trigger
              key={name}
              value={name}
              className="-mb-px flex items-center border-b-2 border-transparent px-3 text-small text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text focus-visible:-outline-offset-2"
            >
              {t(`sqlEditor.${name}`)}
            </Primitive.Trigger>
          ))}
        </Primitive.List>
        {!wide && panel !== '' && (
          <IconButton
            size="sm"
            label={t('sqlEditor.closePanel')}
            className="ml-auto self-center"
            onClick={() => setSearch({ panel: undefined })}
          >
            <X aria-hidden="true" />
          </IconButton>
        )}
      </div>
      <Primitive.Content
        value="schema"
        tabIndex={-1}
        className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden"
      >
        {database ? (
          <Needs permission="bb.databases.getSchema" project={project}>
            <SchemaTree database={database} engine={engine} onInsert={onInsert} onShowRows={onShowRows} />
          </Needs>
        ) : (
          <p className="p-3 text-muted">{t('sqlEditor.chooseFirst')}</p>
        )}
      </Primitive.Content>
      <Primitive.Content
        value="history"
        tabIndex={-1}
        className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden"
      >
        <HistoryPanel project={project} database={database} onInsert={onInsert} onOpen={onOpen} />
      </Primitive.Content>
    </Primitive.Root>
  );
}
