import { FileUp, Plus, SlidersHorizontal, TextQuote } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { EDIT_MAX_BYTES } from '@/api/sheets';
import { FindingRow } from '@/features/checks/FindingRow';
import type { Finding } from '@/features/checks/findings';
import { marksOf, withFixes } from '@/features/checks/live';
import { useLiveReview } from '@/features/checks/useLiveReview';
import { FORMAT_MAX, formatSql } from '@/features/editor/format';
import { type EditorMark, SqlEditor } from '@/features/editor/SqlEditor';
import { useNames } from '@/features/editor/useNames';
import { formatBytes } from '@/lib/format';
import { Button } from '@/ui/Button';
import { Progress } from '@/ui/Progress';
import { ErrorPanel, Notice } from '@/ui/States';
import { Count } from '@/ui/Tabs';
import { ChangeOptions, countOptions } from './ChangeOptions';
import type { ChangesProps } from './ChangesEditor';
import { type Change, mended, newChange } from './changes';
import { Targets } from './Targets';
import { type Upload, useUpload } from './useUpload';

const NONE: readonly Finding[] = [];

interface Props extends ChangesProps {
  change: Change;
  patch: (next: Partial<Change>) => void;
}

/** One change: where it runs, its SQL, and how it is run. */
export function ChangeEditor({ project, change, patch, changes, onChange, onCurrent, ...rest }: Props) {
  const { t } = useTranslation();
  const { readOnly, findingsIn, isChecked, onLive, threads } = rest;
  const [touched, setTouched] = useState(false);
  const [options, setOptions] = useState(false);
  const [problem, setProblem] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const engine = useEngineOf(change.targets[0]);
  const names = useNames(project, change.targets[0], touched && !readOnly);
  const { file, statement } = change;
  const latestPatch = useRef(patch);
  latestPatch.current = patch;
  const live = useLiveReview({
    project,
    change: change.id,
    database: change.targets[0],
    engine,
    statement,
    // What an earlier change makes of the database is known to the checks of the plan only.
    wanted: !readOnly && !file && !changes.slice(0, changes.indexOf(change)).some(sharesTarget(change)),
  });
  useEffect(() => onLive?.(live ?? NONE), [live, onLive]);
  const checked = isChecked?.(change) ?? false;
  const found = checked ? findingsIn?.(change.id) : live;
  const spoken = useRef({ live, change });
  spoken.current = { live, change };
  const mend = useCallback((finding: Finding) => {
    // A repair is for the text that it was found in.
    const now = spoken.current;
    const text = now.live && mended(now.change, finding);
    if (text !== undefined) latestPatch.current({ statement: text });
  }, []);
  const said = useMemo(() => {
    const findings = found && withFixes(found, live ?? NONE);
    return findings && { findings, marks: marksOf(findings, mend) };
  }, [found, live, mend]);
  // While nobody has spoken about the newest text, what was said stays where typing moved it.
  const shown = useRef<{ findings: Finding[]; marks: EditorMark[] }>({ findings: [], marks: [] });
  if (said) shown.current = said;
  const { findings, marks } = shown.current;
  const upload = useUpload(project, patch);
  const latest = useRef(statement);
  useEffect(() => {
    latest.current = statement;
  }, [statement]);
  const format = async () => {
    setProblem('');
    try {
      const laidOut = await formatSql(engine, statement);
      // Somebody may have typed on meanwhile.
      if (latest.current === statement) patch({ statement: laidOut });
    } catch {
      setProblem(t('editor.notFormatted'));
    }
  };
  const chosen = countOptions(change);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <Targets
        project={project}
        targets={change.targets}
        readOnly={readOnly}
        onChange={(targets) => patch({ targets })}
      />
      {!readOnly && (
        <div role="toolbar" aria-label={t('editor.tools')} className="flex flex-wrap gap-2">
          <input
            ref={input}
            type="file"
            accept=".sql,text/plain"
            aria-label={t('plan.upload')}
            hidden
            onChange={(event) => {
              const chosenFile = event.target.files?.[0];
              if (chosenFile) upload.take(chosenFile);
              event.target.value = '';
            }}
          />
          <Button size="sm" onClick={() => input.current?.click()}>
            <FileUp aria-hidden="true" />
            {t('plan.upload')}
          </Button>
          {!file && statement.length <= FORMAT_MAX && (
            <Button size="sm" onClick={format}>
              <TextQuote aria-hidden="true" />
              {t('editor.format')}
            </Button>
          )}
          <Button size="sm" aria-expanded={options} onClick={() => setOptions(!options)}>
            <SlidersHorizontal aria-hidden="true" />
            {t('plan.options')}
            {chosen > 0 && <Count>{chosen}</Count>}
          </Button>
          {changes.length === 1 && (
            <Button
              size="sm"
              tone="ghost"
              onClick={() => {
                onChange([...changes, newChange(change.targets)]);
                onCurrent(changes.length);
              }}
            >
              <Plus aria-hidden="true" />
              {t('plan.addChange')}
            </Button>
          )}
        </div>
      )}
      {(options || (readOnly && chosen > 0)) && (
        <ChangeOptions change={change} engine={engine} readOnly={readOnly} patch={patch} />
      )}
      {upload.upload && <UploadRow upload={upload.upload} onCancel={upload.cancel} />}
      {upload.problem &&
        (typeof upload.problem === 'string' ? (
          <Notice tone="danger" role="alert">
            {upload.problem}
          </Notice>
        ) : (
          <ErrorPanel error={upload.problem} doing={t('plan.upload')} />
        ))}
      {problem && (
        <Notice tone="warning" role="alert">
          {problem}
        </Notice>
      )}
      {file && (
        <Notice
          tone="info"
          title={t('plan.largeTitle', {
            name: file.name ?? t('plan.sql'),
            size: formatBytes(file.bytes),
          })}
          actions={
            !readOnly && (
              <Button size="sm" onClick={() => patch({ statement: '', file: undefined })}>
                {t('plan.removeFile')}
              </Button>
            )
          }
        >
          {t('plan.largeText', { limit: formatBytes(EDIT_MAX_BYTES) })}
        </Notice>
      )}
      <SqlEditor
        label={t('plan.sql')}
        value={statement}
        onChange={file ? undefined : (text) => patch({ statement: text })}
        onSave={rest.onSave}
        onFocus={() => setTouched(true)}
        engine={engine}
        names={names}
        readOnly={readOnly || file !== undefined}
        minHeight={readOnly ? '0' : undefined}
        marks={marks}
        line={rest.line}
        onLine={rest.onLine}
        commented={threads?.commented(change)}
        // A large file shows only its beginning, and lines that are typed have no numbers that others see.
        onComment={threads?.onComment && !file ? (lines) => threads.onComment?.(change, lines) : undefined}
        onThread={threads && ((line) => threads.onThread(change, line))}
        inlines={threads?.inlines(change)}
        handle={rest.handle}
      />
      {threads?.below(change)}
      {!checked && findings.length > 0 && (
        <ul
          aria-label={t('checks.found')}
          className="flex flex-col rounded-card border border-line bg-raised"
        >
          {findings.map((finding) => (
            <FindingRow
              key={finding.key}
              finding={finding}
              onGoToLine={(_, line) => rest.handle.current?.goToMark(line)}
              onFix={live && mend}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

const sharesTarget = (change: Change) => (other: Change) =>
  other.targets.some((target) => change.targets.includes(target));

function UploadRow({ upload, onCancel }: { upload: Upload; onCancel: () => void }) {
  const { t } = useTranslation();
  const { name, sent, total } = upload;
  return (
    <div className="flex flex-col gap-2 rounded-card border border-line bg-raised px-3 py-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="min-w-0 truncate font-medium">{t('plan.uploading', { name })}</span>
        <span className="flex items-center gap-3 text-small text-muted tabular-nums">
          {sent < total
            ? t('plan.uploaded', { sent: formatBytes(sent), total: formatBytes(total) })
            : t('plan.storing')}
          <Button size="sm" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
        </span>
      </div>
      <Progress label={t('plan.uploading', { name })} done={sent} total={total} />
    </div>
  );
}

function useEngineOf(database: string | undefined) {
  const { data } = useRpc(
    'DatabaseService/GetDatabase',
    { name: database ?? '' },
    { enabled: Boolean(database), staleTime: 300_000 },
  );
  return data?.instanceResource?.engine;
}
