import { useTranslation } from 'react-i18next';
import type { Emergency } from '@/api/types';
import { PersonName } from '@/components/PersonName';
import { EnvironmentBadge } from '@/features/environments/EnvironmentBadge';
import { databaseId, instanceId, stageId } from '@/lib/names';
import { webLink } from '@/lib/url';
import { RelativeTime } from '@/ui/RelativeTime';

/** What was run, by whom, why, and what it passed over. */
export function EmergencyFacts({ emergency }: { emergency: Emergency }) {
  const { t } = useTranslation();
  const { runner, reason, incidentUrl, databases = [], passed = [], stage, createTime } = emergency;
  const incident = webLink(incidentUrl);
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-small [overflow-wrap:anywhere]">
      <dt className="text-muted">{t('emergency.ranBy')}</dt>
      <dd>
        <PersonName name={runner} /> <RelativeTime value={createTime} />
      </dd>
      <dt className="text-muted">{t('emergency.where')}</dt>
      <dd>
        <span className="mr-1 rounded-input bg-raised px-1.5">
          <EnvironmentBadge name={`environments/${stageId(stage)}`} />
        </span>
        {databases.map((name) => `${databaseId(name)} (${instanceId(name)})`).join(', ')}
      </dd>
      <dt className="text-muted">{t('rollout.reason')}</dt>
      <dd className="whitespace-pre-wrap">{reason}</dd>
      {incident && (
        <>
          <dt className="text-muted">{t('emergency.incidentShort')}</dt>
          <dd>
            <a
              href={incident}
              target="_blank"
              rel="noreferrer"
              className="text-accent underline underline-offset-2"
            >
              {incidentUrl}
            </a>
          </dd>
        </>
      )}
      {passed.length > 0 && (
        <>
          <dt className="text-muted">{t('emergency.passed')}</dt>
          <dd>
            <ul className="list-disc pl-4">
              {passed.map(({ reason: what, message }) => (
                <li key={`${what}${message}`} className="first-letter:uppercase">
                  {message}
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
    </dl>
  );
}
