import { Ellipsis, KeyRound, Settings2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Repository } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { useGo } from '@/hooks/useGo';
import { useLeave } from '@/hooks/useLeave';
import { projectOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';
import { SecretDialog } from './SecretDialog';

const TOUCHES = ['RepositoryService'] as const;

/** What can be done with one watched repository. */
export function RepositoryActions({ repository }: { repository: Repository }) {
  const { t } = useTranslation();
  const go = useGo();
  const [open, setOpen] = useState<'secret' | 'remove' | null>(null);
  const [fresh, setFresh] = useState<Repository | null>(null);
  const { title, name = '', mode } = repository;
  const close = () => setOpen(null);
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('serviceAccount.actions', { name: title })}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem
          icon={<Settings2 aria-hidden="true" />}
          onSelect={() => go(paths.repository(name, 'settings'))}
        >
          {t('webhook.editShort')}
        </MenuItem>
        {mode === 'WEBHOOK' && (
          <MenuItem icon={<KeyRound aria-hidden="true" />} onSelect={() => setOpen('secret')}>
            {t('webhook.newSecret')}
          </MenuItem>
        )}
        <MenuItem danger icon={<Trash2 aria-hidden="true" />} onSelect={() => setOpen('remove')}>
          {t('repository.remove')}
        </MenuItem>
      </Menu>
      {open === 'secret' && (
        <NewSecret
          repository={repository}
          onClose={close}
          onMade={(made) => {
            close();
            setFresh(made);
          }}
        />
      )}
      {open === 'remove' && <Removal repository={repository} onClose={close} />}
      {fresh && <SecretDialog repository={fresh} onClose={() => setFresh(null)} />}
    </>
  );
}

interface Props {
  repository: Repository;
  onClose: () => void;
}

function NewSecret({ repository, onClose, onMade }: Props & { onMade: (made: Repository) => void }) {
  const { t } = useTranslation();
  const rotate = useCall('RepositoryService/RotateSecret', { touches: TOUCHES });
  return (
    <ActionConfirm
      title={t('webhook.newSecretTitle', { name: repository.title })}
      doing={t('webhook.newSecret')}
      call={rotate}
      onConfirm={() => rotate.mutate({ name: repository.name }, { onSuccess: onMade })}
      onClose={onClose}
    >
      <p>{t('repository.newSecretText')}</p>
    </ActionConfirm>
  );
}

function Removal({ repository, onClose }: Props) {
  const { t } = useTranslation();
  const leave = useLeave();
  const remove = useCall('RepositoryService/DeleteRepository');
  const done = () => {
    onClose();
    void leave(paths.repositories(projectOf(repository.name)), 'RepositoryService');
  };
  return (
    <ActionConfirm
      title={t('repository.removeTitle', { name: repository.title })}
      doing={t('repository.remove')}
      call={remove}
      onConfirm={() => remove.mutate({ name: repository.name }, { onSuccess: done })}
      onClose={onClose}
    >
      <p>{t('repository.removeText')}</p>
    </ActionConfirm>
  );
}
