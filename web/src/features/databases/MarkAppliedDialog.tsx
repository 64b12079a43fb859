import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import { useStreamName } from '@/features/releases/useStreamName';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { TextAreaField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import { ErrorPanel } from '@/ui/States';
import { wrongVersions } from './versions';

/** Radix refuses the empty text as a value. */
const EVERY = 'every';

interface Props {
  database: string;
  /** Those that are known of the database. */
  streams: readonly string[];
  onClose: () => void;
}

/** A baseline: the versions count as applied, nothing runs. */
export function MarkAppliedDialog({ database, streams, onClose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [stream, setStream] = useState(EVERY);
  const [tried, setTried] = useState(false);
  const streamName = useStreamName();
  const create = useCall('RevisionService/BatchCreateRevisions', { touches: ['RevisionService'] });
  const versions = text.split(/[\s,]+/).filter(Boolean);
  const wrong = wrongVersions(versions);
  const problem =
    versions.length === 0
      ? t('revision.versionsNeeded')
      : wrong.length > 0
        ? t('revision.versionsWrong', { versions: wrong.join(', ') })
        : undefined;
  const submit = () => {
    setTried(true);
    if (problem) return;
    create.mutate(
      {
        parent: database,
        requests: versions.map((version) => ({
          parent: database,
          revision: {
            version: version.replace(/^v/i, ''),
            type: 'VERSIONED',
            stream: stream === EVERY ? '' : stream,
          },
        })),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('revision.mark')}
      description={t('revision.markText')}
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" busy={create.isPending} onClick={submit}>
            {t('revision.mark')}
          </Button>
        </>
      }
    >
      <TextAreaField
        label={t('revision.versions')}
        mono
        rows={4}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          create.reset();
        }}
        hint={t('revision.versionsHint')}
        error={tried ? problem : undefined}
      />
      {streams.some(Boolean) && (
        <Select
          label={t('revision.countsIn')}
          value={stream}
          onChange={setStream}
          options={[EVERY, ...streams.filter(Boolean)].map((value) => ({
            value,
            label: streamName(value === EVERY ? '' : value),
          }))}
        />
      )}
      {create.error && <ErrorPanel error={create.error} doing={t('revision.mark')} />}
    </Dialog>
  );
}
