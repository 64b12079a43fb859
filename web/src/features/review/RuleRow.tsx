import { ChevronRight } from 'lucide-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleConfig } from '@/api/types';
import { cn } from '@/lib/cn';
import { TextLink } from '@/ui/AppLink';
import { Breakable } from '@/ui/Breakable';
import { Button } from '@/ui/Button';
import { Segmented } from '@/ui/Segmented';
import { LevelMark } from './LevelMark';
import { PayloadForm } from './PayloadForm';
import { effectivePayload, payloadOf, payloadProblem } from './payload';
import { LEVELS, type Level, levelOf } from './rules';
import type { RuleDoc } from './service';

interface Props {
  doc: RuleDoc;
  rule: RuleConfig | undefined;
  changed: boolean;
  /** What the server said about it when it was last saved. */
  refusal: string | undefined;
  readOnly: boolean;
  onLevel: (doc: RuleDoc, level: Level) => void;
  onChange: (rule: RuleConfig) => void;
  docsUrl: string;
}

/** One rule: what it reports, how grave it is, and what it is told. Memoised: a list has many. */
export const RuleRow = memo(function RuleRow(props: Props) {
  const { doc, rule, changed, refusal, readOnly, onLevel, onChange, docsUrl } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const level = levelOf(rule);
  const problem = rule && payloadProblem(payloadOf(rule));
  const hasForm = rule !== undefined && doc.payload !== 'NO_PAYLOAD';
  // What is wrong with it is never folded away.
  const shown = hasForm && (open || problem !== undefined || refusal !== undefined);
  return (
    <li aria-label={doc.type} className="flex flex-col gap-2 border-b border-line px-3 py-2.5 last:border-0">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <LevelMark level={level} className="mt-0.5" />
        <div className="min-w-0 flex-1 basis-64">
          <p className={cn(level === 'OFF' && 'text-muted')}>{doc.what}</p>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-3 text-caption text-muted">
            <TextLink to={docsUrl} keepScroll className="font-mono [overflow-wrap:anywhere]">
              <Breakable text={doc.type} />
            </TextLink>
            {doc.needs === 'CONNECTION' && <span>{t('review.needs.CONNECTION')}</span>}
            {doc.builtin && <span>{t('review.builtin')}</span>}
            {changed && <span className="font-medium text-accent">{t('review.changed')}</span>}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {hasForm && (
            <Button size="sm" tone="ghost" aria-expanded={shown} onClick={() => setOpen(!open)}>
              <ChevronRight
                aria-hidden="true"
                className={cn('transition-transform duration-120', shown && 'rotate-90')}
              />
              {t('review.settings')}
              <span className="sr-only"> {t('review.ofRule', { rule: doc.type })}</span>
            </Button>
          )}
          <Segmented
            legend={t('review.levelOf', { rule: doc.type })}
            disabled={readOnly}
            value={level}
            onChange={(next) => onLevel(doc, next)}
            options={LEVELS.map((value) => ({ value, label: t(`review.level.${value}`) }))}
          />
        </div>
      </div>
      {!hasForm && refusal && (
        <p role="alert" className="pl-8 text-small text-danger">
          {refusal}
        </p>
      )}
      {shown && rule && (
        <fieldset className="min-w-0 sm:pl-8">
          <legend className="sr-only">{`${t('review.settings')} ${t('review.ofRule', { rule: doc.type })}`}</legend>
          <PayloadForm
            type={doc.type}
            kind={doc.payload}
            payload={effectivePayload(rule, doc.preset)}
            problem={problem}
            refusal={refusal}
            readOnly={readOnly}
            onChange={(payload) =>
              onChange({ type: rule.type, engine: rule.engine, level: rule.level, ...payload })
            }
          />
        </fieldset>
      )}
    </li>
  );
});
