import { Copy, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatBytes, formatCount } from '@/lib/format';
import { IconButton } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { toast } from '@/ui/toast';
import { isJson } from '../result/format';
import { type Frame, KIND, kindAt, sizeAt, textAt } from '../result/frame';

/** A text beyond this is shown in part; copying takes all of it. */
const MOST = 200_000;
/** In the list of a row, a value is a few lines. */
const MOST_IN_ROW = 2_000;

interface Props {
  frame: Frame;
  row: number;
  column: number;
  onClose: () => void;
}

/** The active cell in full, or its whole row. */
export function CellDetails({ frame, row, column, onClose }: Props) {
  const { t } = useTranslation();
  const [view, setView] = useState<'value' | 'row'>('value');
  return (
    <aside
      aria-label={t('sqlEditor.details')}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="flex w-88 shrink-0 flex-col border-l border-line bg-raised max-md:h-3/5 max-md:w-auto max-md:border-t max-md:border-l-0"
    >
      <div className="flex items-center justify-between gap-2 border-b border-line px-3 py-1.5">
        <Segmented
          legend={t('sqlEditor.detailsAs')}
          value={view}
          onChange={setView}
          options={[
            { value: 'value', label: t('sqlEditor.value') },
            { value: 'row', label: t('sqlEditor.row') },
          ]}
        />
        <IconButton size="sm" label={t('sqlEditor.closeDetails')} onClick={onClose}>
          <X aria-hidden="true" />
        </IconButton>
      </div>
      {view === 'value' ? <Value {...{ frame, row, column }} /> : <Row {...{ frame, row }} />}
    </aside>
  );
}

interface ValueProps {
  frame: Frame;
  row: number;
  column: number;
}

function Value({ frame, row, column }: ValueProps) {
  const { t } = useTranslation();
  const { name, type } = frame.columns[column] ?? {};
  const kind = kindAt(frame, row, column);
  const text = textAt(frame, row, column, MOST);
  const size = sizeAt(frame, row, column);
  const json = useMemo(
    () =>
      (kind === KIND.JSON || /^\s*[{[]/.test(text)) &&
      isJson(text) &&
      JSON.stringify(JSON.parse(text), null, 2),
    [kind, text],
  );
  const [as, setAs] = useState<'json' | 'text'>('json');
  const copyAll = () =>
    navigator.clipboard.writeText(textAt(frame, row, column)).then(() => toast({ text: t('state.copied') }));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center justify-between gap-2 px-3 pt-1 pb-1">
        <p className="min-w-0 text-caption text-muted [overflow-wrap:anywhere]">
          <span className="font-medium text-text">{name}</span> {type} ·{' '}
          {t('sqlEditor.rowIs', { row: formatCount(row + 1) })}
          {kind !== KIND.NULL && ` · ${formatBytes(size)}`}
        </p>
        <IconButton size="sm" label={t('sqlEditor.copyValue')} onClick={copyAll}>
          <Copy aria-hidden="true" />
        </IconButton>
      </div>
      {json && (
        <div className="px-3 pb-2">
          <Segmented
            legend={t('sqlEditor.valueAs')}
            value={as}
            onChange={setAs}
            options={[
              { value: 'json', label: t('sqlEditor.format.json') },
              { value: 'text', label: t('sqlEditor.text') },
            ]}
          />
        </div>
      )}
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto px-3 pb-3 font-mono text-small whitespace-pre-wrap [overflow-wrap:anywhere] focus-visible:-outline-offset-2"
      >
        {kind === KIND.NULL ? (
          <span className="text-muted italic">{t('sqlEditor.null')}</span>
        ) : json && as === 'json' ? (
          exact(json, text)
        ) : (
          text
        )}
      </pre>
      {size > MOST && (
        <p className="px-3 pb-2 text-caption text-warning">
          {t('sqlEditor.partOf', { size: formatBytes(size) })}
        </p>
      )}
    </div>
  );
}

/** Numbers above 2^53 would be rounded by the way through JavaScript: such a text stays as it came. */
const exact = (pretty: string, text: string) =>
  /\d{16,}/.test(text) && pretty.replaceAll(/\s/g, '') !== text.replaceAll(/\s/g, '') ? text : pretty;

function Row({ frame, row }: { frame: Frame; row: number }) {
  const { t } = useTranslation();
  return (
    <dl tabIndex={0} className="min-h-0 flex-1 overflow-y-auto px-3 py-2 focus-visible:-outline-offset-2">
      {frame.columns.map(({ name }, column) => {
        const isNull = kindAt(frame, row, column) === KIND.NULL;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: names of columns may repeat
          <div key={column} className="border-b border-line py-1 last:border-0">
            <dt className="text-caption text-muted">{name}</dt>
            <dd className="line-clamp-6 font-mono text-small whitespace-pre-wrap [overflow-wrap:anywhere]">
              {isNull ? (
                <span className="text-muted italic">{t('sqlEditor.null')}</span>
              ) : (
                textAt(frame, row, column, MOST_IN_ROW)
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
