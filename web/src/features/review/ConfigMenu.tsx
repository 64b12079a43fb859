import { CopyPlus, Ellipsis, Power, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '@/api/query';
import type { ReviewConfig } from '@/api/types';
import { TypedConfirm } from '@/components/TypedConfirm';
import { useMay } from '@/lib/may';
import { idOf } from '@/lib/names';
import { IconButton } from '@/ui/Button';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { useConfigActions } from './useConfigActions';

interface Props {
  config: ReviewConfig;
  configs: readonly ReviewConfig[];
  onDeleted?: () => void;
}

/** Duplicate, enable or disable, delete: what of it one may do. */
export function ConfigMenu({ config, configs, onDeleted }: Props) {
  const { t } = useTranslation();
  const [deleting, setDeleting] = useState(false);
  const { enable, duplicate, busy } = useConfigActions(configs);
  const { everywhere: may } = useMay();
  const [change, create, remove] = (['update', 'create', 'delete'] as const).map((verb) =>
    may(`bb.reviewConfigs.${verb}`),
  );
  if (!change && !create && !remove) return null;
  return (
    <>
      <Menu
        trigger={
          <IconButton tone="secondary" busy={busy} label={t('review.actionsOf', { name: config.title })}>
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        {change && (
          <MenuItem icon={<Power aria-hidden="true" />} onSelect={() => enable(config, !config.enabled)}>
            {t(config.enabled ? 'review.disable' : 'review.enable')}
          </MenuItem>
        )}
        {create && (
          <MenuItem icon={<CopyPlus aria-hidden="true" />} onSelect={() => duplicate(config)}>
            {t('plan.duplicate')}
          </MenuItem>
        )}
        {remove && (
          <>
            <MenuSeparator />
            <MenuItem icon={<Trash2 aria-hidden="true" />} danger onSelect={() => setDeleting(true)}>
              {t('review.delete')}
            </MenuItem>
          </>
        )}
      </Menu>
      {deleting && <DeleteConfirm config={config} onClose={() => setDeleting(false)} onDeleted={onDeleted} />}
    </>
  );
}

interface DeleteProps {
  config: ReviewConfig;
  onClose: () => void;
  onDeleted: (() => void) | undefined;
}

function DeleteConfirm({ config, onClose, onDeleted }: DeleteProps) {
  const { t } = useTranslation();
  const remove = useCall('ReviewConfigService/DeleteReviewConfig', {
    touches: ['ReviewConfigService/ListReviewConfigs'],
  });
  const count = config.resources?.length ?? 0;
  return (
    <TypedConfirm
      open
      onOpenChange={onClose}
      title={t('review.deleteTitle', { name: config.title })}
      doing={t('review.delete')}
      word={idOf(config.name, 'reviewConfigs')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() =>
        remove.mutate(
          { name: config.name },
          {
            onSuccess: () => {
              onClose();
              onDeleted?.();
            },
          },
        )
      }
    >
      <p>{count > 0 ? t('review.deleteAttached', { count }) : t('review.deleteText')}</p>
    </TypedConfirm>
  );
}
