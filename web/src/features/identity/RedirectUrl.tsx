import { useTranslation } from 'react-i18next';
import { useRpc } from '@/api/query';
import { Loaded } from '@/components/Loaded';
import { PROFILE } from '@/features/settings/useProfile';
import { paths, patterns } from '@/lib/paths';
import { ButtonLink } from '@/ui/Button';
import { CopyBlock } from '@/ui/CopyBlock';
import { Notice } from '@/ui/States';

/** What is registered at the provider, so that it sends people back here. */
export function RedirectUrl() {
  const { t } = useTranslation();
  const query = useRpc('ActuatorService/GetActuatorInfo', {}, { topics: [PROFILE] });
  return (
    <Loaded query={query} doing={t('idp.redirect')} skeletonRows={1}>
      {({ externalUrl }) =>
        externalUrl ? (
          <div className="flex flex-col gap-1">
            <p className="text-small font-medium">{t('idp.redirect')}</p>
            <CopyBlock
              wrap
              text={externalUrl.replace(/\/+$/, '') + patterns.signOnCallback}
              label={t('idp.redirect')}
            />
            <p className="text-caption text-muted">{t('idp.redirectText')}</p>
          </div>
        ) : (
          <Notice
            tone="warning"
            title={t('idp.noUrl')}
            actions={<ButtonLink to={paths.settings()}>{t('idp.toSettings')}</ButtonLink>}
          >
            {t('idp.noUrlText')}
          </Notice>
        )
      }
    </Loaded>
  );
}
