import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cn } from '@/lib/cn';
import { type DiffLine, fold, type Gap, lineDiff, type SplitRow, split } from '@/lib/lineDiff';

interface Props {
  before: string;
  after: string;
  mode: 'unified' | 'split';
}

const LOOK = {
  same: '',
  add: 'tint-success [&_.code]:underline [&_.code]:decoration-success/50 [&_.code]:underline-offset-4',
  remove: 'tint-danger [&_.code]:underline [&_.code]:decoration-danger/50 [&_.code]:underline-offset-4',
};
const SIGN = { same: ' ', add: '+', remove: '-' };

/** Two texts line by line. Signs and underlines say what the tint says. */
export function DiffView({ before, after, mode }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  const shown = useMemo(() => (open ? [...lines] : fold(lines)), [open, lines]);
  if (before === after) {
    return (
      <p className="rounded-card border border-line bg-surface px-4 py-6 text-center text-muted">
        {t('diff.same')}
      </p>
    );
  }
  const expand = () => setOpen(true);
  return (
    <div className="overflow-x-auto rounded-card border border-line font-mono text-caption leading-5">
      {mode === 'unified' ? (
        <table className="w-full border-collapse">
          <tbody>
            {shown.map((line, i) =>
              line.kind === 'gap' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
                <GapRow key={i} gap={line} span={4} onOpen={expand} />
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
                <tr key={i} className={LOOK[line.kind]}>
                  <LineNumber value={line.before} />
                  <LineNumber value={line.after} />
                  <Sign kind={line.kind} />
                  <Code text={line.text} />
                </tr>
              ),
            )}
          </tbody>
        </table>
      ) : (
        <table className="w-full table-fixed border-collapse">
          <colgroup>
            <col className="w-11" />
            <col className="w-5" />
            <col />
            <col className="w-11" />
            <col className="w-5" />
            <col />
          </colgroup>
          <tbody>
            {split(shown).map((row, i) =>
              'kind' in row ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
                <GapRow key={i} gap={row} span={6} onOpen={expand} />
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
                <SplitCells key={i} row={row} />
              ),
            )}
          </tbody>
        </table>
      )}
    </div>
  );
}

const LineNumber = ({ value }: { value: number | undefined }) => (
  <td className="w-11 border-r border-line px-2 text-right text-muted select-none tabular-nums">{value}</td>
);

function Sign({ kind }: { kind: DiffLine['kind'] }) {
  const { t } = useTranslation();
  return (
    <td className="w-5 text-center">
      <span aria-hidden="true">{SIGN[kind]}</span>
      {kind !== 'same' && <span className="sr-only">{t(`diff.line.${kind}`)}</span>}
    </td>
  );
}

const Code = ({ text }: { text: string }) => (
  <td className="pr-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
    <span className="code">{text}</span>
  </td>
);

function SplitCells({ row }: { row: SplitRow }) {
  const side = (line: DiffLine | undefined, number: number | undefined) => {
    const look = line ? LOOK[line.kind] : 'bg-surface';
    return (
      <>
        <td
          className={cn(
            'border-x border-line px-2 text-right align-top text-muted select-none tabular-nums',
            look,
          )}
        >
          {number}
        </td>
        <td className={cn('text-center align-top', look)} aria-hidden="true">
          {line ? SIGN[line.kind] : ''}
        </td>
        <td className={cn('pr-2 align-top whitespace-pre-wrap [overflow-wrap:anywhere]', look)}>
          <span className="code">{line?.text}</span>
        </td>
      </>
    );
  };
  return (
    <tr>
      {side(row.left, row.left?.before)}
      {side(row.right, row.right?.after)}
    </tr>
  );
}

function GapRow({ gap, span, onOpen }: { gap: Gap; span: number; onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <tr className="bg-surface">
      <td colSpan={span}>
        <button
          type="button"
          onClick={onOpen}
          className="w-full px-3 py-0.5 text-left font-sans text-accent hover:underline"
        >
          {t('diff.gap', { count: gap.lines.length })}
        </button>
      </td>
    </tr>
  );
}
