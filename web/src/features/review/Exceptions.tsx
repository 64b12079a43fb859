import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReviewException } from '@/api/types';
import { Section } from '@/components/Page';
import { Button, IconButton } from '@/ui/Button';
import { Checkbox } from '@/ui/Choice';
import { ExceptionDialog } from './ExceptionDialog';
import { exceptionKey } from './exceptions';
import { RuleLink } from './RuleLink';
import type { ConfigEdit } from './useConfigEdit';

interface Props {
  edit: ConfigEdit;
  readOnly: boolean;
}

/** Where the rules do not hold, and whether scripts may say so, too. */
export function Exceptions({ edit, readOnly }: Props) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const { exceptions } = edit;
  return (
    <Section title={t('review.exceptions.title')}>
      <p className="text-muted">{t('review.exceptions.text')}</p>
      {exceptions.length === 0 ? (
        <p className="text-muted">{t('review.exceptions.none')}</p>
      ) : (
        <ul
          aria-label={t('review.exceptions.title')}
          className="flex flex-col divide-y divide-line rounded-card border border-line"
        >
          {exceptions.map((exception) => (
            <Row
              key={exceptionKey(exception)}
              exception={exception}
              onRemove={readOnly ? undefined : () => edit.removeException(exception)}
            />
          ))}
        </ul>
      )}
      <Checkbox
        label={t('review.exceptions.refuse')}
        description={t('review.exceptions.refuseText')}
        checked={edit.refuseSuppression}
        disabled={readOnly}
        onChange={(event) => edit.setRefuseSuppression(event.target.checked)}
      />
      {!readOnly && (
        <div>
          <Button size="sm" onClick={() => setAdding(true)}>
            <Plus aria-hidden="true" />
            {t('review.exceptions.add')}
          </Button>
        </div>
      )}
      {adding && (
        <ExceptionDialog rules={edit.rules} onAdd={edit.addException} onClose={() => setAdding(false)} />
      )}
    </Section>
  );
}

interface RowProps {
  exception: ReviewException;
  onRemove: (() => void) | undefined;
}

function Row({ exception, onRemove }: RowProps) {
  const { t } = useTranslation();
  const { rules = [], schema, table, label, reason } = exception;
  const where = [
    table && t('review.exceptions.ofTable', { name: table }),
    schema && t('review.exceptions.ofSchema', { name: schema }),
    label && t('review.exceptions.ofLabel', { name: label }),
  ].filter(Boolean);
  return (
    <li className="flex items-start gap-3 px-3 py-2">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5 [overflow-wrap:anywhere]">
        <span className="flex flex-wrap gap-x-2">
          {rules.length === 0
            ? t('review.exceptions.everyRule')
            : rules.map((rule) => <RuleLink key={rule} title={rule} />)}
          <span>{where.join(', ')}</span>
        </span>
        <span className="text-small text-muted">{reason}</span>
      </div>
      {onRemove && (
        <IconButton
          size="sm"
          label={t('review.exceptions.remove', { where: where.join(', ') })}
          onClick={onRemove}
        >
          <X aria-hidden="true" />
        </IconButton>
      )}
    </li>
  );
}
