import { Check, CircleHelp, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleType } from '@/api/types';
import { cn } from '@/lib/cn';
import { TextField } from '@/ui/Field';
import { expanded, samplesOf, tokensOf, type Verdict, verdict } from './naming';

const LOOK: Record<Verdict, { icon: typeof Check; color: string }> = {
  fits: { icon: Check, color: 'text-success' },
  differs: { icon: X, color: 'text-danger' },
  tooLong: { icon: X, color: 'text-danger' },
  unreadable: { icon: CircleHelp, color: 'text-muted' },
};

interface Props {
  type: RuleType;
  format: string;
  maxLength: number | undefined;
}

/** Which names a format lets pass, while it is typed. */
export function NamingPreview({ type, format, maxLength }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const judge = (sample: string) => verdict(sample, format, maxLength);
  if (!format) return null;
  const own = name ? judge(name) : undefined;
  return (
    <section
      aria-label={t('review.preview.of', { rule: type })}
      className="flex flex-col gap-2 rounded-card border border-line bg-surface px-3 py-2"
    >
      {tokensOf(type).length > 0 && (
        <p className="text-caption text-muted">
          {t(type === 'NAMING_INDEX_FK' ? 'review.preview.asKey' : 'review.preview.asIndex')}{' '}
          <code className="font-mono text-text [overflow-wrap:anywhere]">{expanded(format)}</code>
        </p>
      )}
      <ul aria-label={t('review.preview.examples')} className="flex flex-wrap gap-x-4 gap-y-1">
        {samplesOf(type).map((sample) => (
          <li key={sample}>
            <Judged verdict={judge(sample)} name={sample} />
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-end gap-3">
        <TextField
          className="w-64 max-w-full"
          label={t('review.preview.try')}
          mono
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <p role="status" className="min-h-8 content-center text-small">
          {own && <Judged verdict={own} />}
        </p>
      </div>
    </section>
  );
}

/** A verdict in words; beside an example, where space is short, the words are only spoken. */
function Judged({ verdict: given, name }: { verdict: Verdict; name?: string }) {
  const { t } = useTranslation();
  const { icon: Icon, color } = LOOK[given];
  return (
    <span className="inline-flex items-center gap-1 text-small">
      <Icon className={cn('size-3.5 shrink-0', color)} aria-hidden="true" />
      {name && <code className="font-mono">{name}</code>}
      <span className={name ? 'sr-only' : color}>{t(`review.verdict.${given}`)}</span>
    </span>
  );
}
