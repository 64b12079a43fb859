import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngines } from '@/features/instances/engines';
import { cn } from '@/lib/cn';
import { CopyBlock } from '@/ui/CopyBlock';
import { LevelMark } from './LevelMark';
import type { RuleDoc } from './service';

/** What a rule reports, why, and how to write it so that it does not. */
export function RuleDocs({ doc }: { doc: RuleDoc }) {
  const { t } = useTranslation();
  const { data: engines = [] } = useEngines();
  const titleOf = (kind: string) => engines.find((engine) => engine.kind === kind)?.title ?? kind;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <p className="text-lead">{doc.what}</p>
      <Part title={t('review.doc.why')}>
        <p>{doc.why}</p>
      </Part>
      <Part title={t('review.doc.example')} icon={<X className="text-danger" />}>
        {doc.example ? (
          <CopyBlock label={t('review.doc.example')} text={doc.example} className="border-danger/50!" />
        ) : (
          <p className="text-muted">{t('review.doc.liveOnly')}</p>
        )}
      </Part>
      <Part title={t('review.doc.instead')} icon={<Check className="text-success" />}>
        <CopyBlock label={t('review.doc.instead')} text={doc.instead} className="border-success/50!" />
      </Part>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-small">
        <dt className="text-muted">{t('review.doc.category')}</dt>
        <dd>{t(`review.category.${doc.category}` as 'review.category.NAMING')}</dd>
        <dt className="text-muted">{t('review.engine')}</dt>
        <dd>{titleOf(doc.engine)}</dd>
        <dt className="text-muted">{t('review.doc.usual')}</dt>
        <dd className="flex items-center gap-1.5">
          <LevelMark level={doc.usual} />
          {t(`review.level.${doc.usual}`)}
        </dd>
        <dt className="text-muted">{t('review.doc.needs')}</dt>
        <dd>{t(`review.needs.${doc.needs}`)}</dd>
      </dl>
      <Part title={t('review.doc.ignore')}>
        <p className="text-muted">{t('review.doc.ignoreText')}</p>
        <CopyBlock
          label={t('review.doc.ignore')}
          text={`-- basalt:ignore ${doc.type} ${t('review.doc.ignoreReason')}`}
        />
      </Part>
    </div>
  );
}

function Part({ title, icon, children }: { title: string; icon?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <h3 className={cn('flex items-center gap-1.5 text-small font-semibold', '[&_svg]:size-4')}>
        {icon && <span aria-hidden="true">{icon}</span>}
        {title}
      </h3>
      {children}
    </div>
  );
}
