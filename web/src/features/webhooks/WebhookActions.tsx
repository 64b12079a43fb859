import { Ellipsis, KeyRound, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { Webhook } from '@/api/types';
import { ActionConfirm } from '@/components/ActionConfirm';
import { useLeave } from '@/hooks/useLeave';
import { projectOf } from '@/lib/names';
import { paths } from '@/lib/paths';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem } from '@/ui/Menu';
import { SecretDialog } from './SecretDialog';
import { WebhookDialog } from './WebhookDialog';

const TOUCHES = ['ProjectService'] as const;

/** What can be done with one webhook. */
export function WebhookActions({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'edit' | 'secret' | 'remove' | null>(null);
  const [fresh, setFresh] = useState<Webhook | null>(null);
  const close = () => setOpen(null);
  const made = ({ webhooks = [] }: { webhooks?: Webhook[] | undefined }) => {
    close();
    setFresh(webhooks.find((one) => one.name === webhook.name && one.signingSecret) ?? null);
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('serviceAccount.actions', { name: webhook.title })}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil aria-hidden="true" />} onSelect={() => setOpen('edit')}>
          {t('webhook.editShort')}
        </MenuItem>
        {webhook.type === 'GENERIC' && (
          <MenuItem icon={<KeyRound aria-hidden="true" />} onSelect={() => setOpen('secret')}>
            {t('webhook.newSecret')}
          </MenuItem>
        )}
        <MenuItem danger icon={<Trash2 aria-hidden="true" />} onSelect={() => setOpen('remove')}>
          {t('webhook.remove')}
        </MenuItem>
      </Menu>
      {open === 'edit' && (
        <WebhookDialog project={projectOf(webhook.name)} webhook={webhook} onClose={close} onSaved={made} />
      )}
      {open === 'secret' && <NewSecret webhook={webhook} onClose={close} onMade={made} />}
      {open === 'remove' && <Removal webhook={webhook} onClose={close} />}
      {fresh && <SecretDialog webhook={fresh} onClose={() => setFresh(null)} />}
    </>
  );
}

interface SecretProps {
  webhook: Webhook;
  onClose: () => void;
  onMade: (project: { webhooks?: Webhook[] | undefined }) => void;
}

function NewSecret({ webhook, onClose, onMade }: SecretProps) {
  const { t } = useTranslation();
  const update = useCall('ProjectService/UpdateWebhook', { touches: TOUCHES });
  return (
    <ActionConfirm
      title={t('webhook.newSecretTitle', { name: webhook.title })}
      doing={t('webhook.newSecret')}
      call={update}
      onConfirm={() =>
        update.mutate(
          { webhook: { name: webhook.name, type: webhook.type }, updateMask: 'signingSecret' },
          { onSuccess: onMade },
        )
      }
      onClose={onClose}
    >
      <p>{t('webhook.newSecretText')}</p>
    </ActionConfirm>
  );
}

function Removal({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation();
  const leave = useLeave();
  const remove = useCall('ProjectService/RemoveWebhook');
  const done = () => {
    onClose();
    void leave(paths.webhooks(projectOf(webhook.name)), 'ProjectService');
  };
  return (
    <ActionConfirm
      title={t('webhook.removeTitle', { name: webhook.title })}
      doing={t('webhook.remove')}
      call={remove}
      onConfirm={() => remove.mutate({ webhook: { name: webhook.name } }, { onSuccess: done })}
      onClose={onClose}
    >
      <p>{t('webhook.removeText')}</p>
    </ActionConfirm>
  );
}
