import { useTranslation } from 'react-i18next';
import { Section } from '@/components/Page';
import { CopyBlock } from '@/ui/CopyBlock';

/** A release comes from a program. This is the least that makes one, to copy. */
export function HowToRelease({ project }: { project: string }) {
  const { t } = useTranslation();
  const call = `curl -fsS ${window.location.origin}/bytebase.v1.ReleaseService/CreateRelease \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d "$(jq -n --rawfile sql migrations/1.0.sql '{
    parent: "${project}",
    release: {
      type: "VERSIONED",
      files: [{ version: "1.0", path: "migrations/1.0.sql", statement: ($sql | @base64) }]
    }
  }')"`;
  return (
    <Section title={t('release.how')}>
      <p className="text-muted">{t('release.howText')}</p>
      <CopyBlock text={call} label={t('release.how')} />
    </Section>
  );
}
