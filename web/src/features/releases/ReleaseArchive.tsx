import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Release } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { releaseId } from '@/lib/names';
import { Button } from '@/ui/Button';

/** Takes a release out of the list. */
export function ReleaseArchive({ release }: { release: Release }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const archive = useCall('ReleaseService/DeleteRelease', { touches: ['ReleaseService'] });
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('release.archive')}</Button>
      {asking && (
        <ActionConfirm
          title={t('release.archiveTitle', { release: releaseId(release.name) })}
          doing={t('release.archive')}
          call={archive}
          onConfirm={() => archive.mutate({ name: release.name }, { onSuccess: () => setAsking(false) })}
          onClose={() => setAsking(false)}
        >
          <p>{t('release.archiveText')}</p>
        </ActionConfirm>
      )}
    </>
  );
}
