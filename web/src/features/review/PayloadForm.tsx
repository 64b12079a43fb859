import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleType } from '@/api/types';
import { Checkbox } from '@/ui/Choice';
import { TextAreaField, TextField } from '@/ui/Field';
import { Segmented } from '@/ui/Segmented';
import { NamingPreview } from './NamingPreview';
import { tokensOf } from './naming';
import { linesOf, listOf, type Payload, type PayloadProblem } from './payload';
import type { PayloadKind } from './service';
import { useProblemWords } from './useProblemWords';

interface Props {
  type: RuleType;
  kind: PayloadKind;
  payload: Payload;
  onChange: (payload: Payload) => void;
  problem: PayloadProblem | undefined;
  /** What the server said about it. */
  refusal: string | undefined;
  readOnly: boolean;
}

/** What a rule is told, by the kind of thing that it takes. */
export function PayloadForm({ type, kind, payload, onChange, problem, refusal, readOnly }: Props) {
  const { t } = useTranslation();
  const tellProblem = useProblemWords();
  const wrong = (...mine: PayloadProblem[]) =>
    problem && mine.includes(problem) ? tellProblem(problem) : undefined;
  switch (kind) {
    case 'NO_PAYLOAD':
      return null;
    case 'NAMING': {
      const naming = payload.namingPayload ?? {};
      const change = (next: typeof naming) => onChange({ namingPayload: { ...naming, ...next } });
      const tokens = tokensOf(type);
      return (
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap items-start gap-3">
            <TextField
              className="min-w-56 flex-1"
              label={t('review.payload.format')}
              mono
              spellCheck={false}
              readOnly={readOnly}
              value={naming.format ?? ''}
              onChange={(event) => change({ format: event.target.value })}
              error={wrong('format', 'tokens') ?? refusal}
              hint={
                tokens.length > 0
                  ? t('review.payload.tokens', { tokens: tokens.map((token) => `{{${token}}}`).join(' ') })
                  : t('review.payload.formatHint')
              }
            />
            <CountField
              label={t('review.payload.longest')}
              value={naming.maxLength}
              onChange={(maxLength) => change({ maxLength })}
              error={wrong('length')}
              hint={t('review.payload.longestHint')}
              readOnly={readOnly}
            />
          </div>
          <NamingPreview type={type} format={naming.format ?? ''} maxLength={naming.maxLength} />
        </div>
      );
    }
    case 'NUMBER':
      return (
        <CountField
          label={t('review.payload.limit')}
          value={payload.numberPayload?.number}
          onChange={(number) => onChange({ numberPayload: { number } })}
          error={wrong('number') ?? refusal}
          readOnly={readOnly}
        />
      );
    case 'STRING_ARRAY':
      return (
        <ListField
          label={t('review.payload.list')}
          list={payload.stringArrayPayload?.list ?? []}
          onChange={(list) => onChange({ stringArrayPayload: { list } })}
          error={wrong('items') ?? refusal}
          readOnly={readOnly}
        />
      );
    case 'COMMENT_CONVENTION': {
      const comment = payload.commentConventionPayload ?? {};
      const change = (next: typeof comment) =>
        onChange({ commentConventionPayload: { ...comment, ...next } });
      return (
        <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
          <Checkbox
            className="sm:mt-7"
            label={t('review.payload.required')}
            checked={comment.required ?? false}
            disabled={readOnly}
            onChange={(event) => change({ required: event.target.checked })}
          />
          <CountField
            label={t('review.payload.longest')}
            value={comment.maxLength}
            onChange={(maxLength) => change({ maxLength })}
            error={wrong('length') ?? refusal}
            hint={t('review.payload.noLimit')}
            readOnly={readOnly}
          />
        </div>
      );
    }
    case 'STRING':
      return (
        <TextField
          className="max-w-120"
          label={t('review.payload.value')}
          readOnly={readOnly}
          value={payload.stringPayload?.value ?? ''}
          onChange={(event) => onChange({ stringPayload: { value: event.target.value } })}
          error={wrong('value') ?? refusal}
        />
      );
    case 'NAMING_CASE':
      return (
        <Segmented
          legend={t('review.payload.case')}
          disabled={readOnly}
          value={payload.namingCasePayload?.upper ? 'UPPER' : 'LOWER'}
          onChange={(value) => onChange({ namingCasePayload: { upper: value === 'UPPER' } })}
          options={[
            { value: 'LOWER', label: t('review.payload.lower') },
            { value: 'UPPER', label: t('review.payload.upper') },
          ]}
        />
      );
  }
}

interface CountProps {
  label: string;
  value: number | undefined;
  onChange: (value: number) => void;
  error: string | undefined;
  hint?: string;
  readOnly: boolean;
}

const CountField = ({ value, onChange, ...rest }: CountProps) => (
  <TextField
    {...rest}
    className="w-64 max-w-full"
    type="number"
    min={0}
    value={Number.isNaN(value) ? '' : String(value ?? 0)}
    // An empty box is no number; what is wrong with it is said beside it.
    onChange={({ target }) => onChange(target.value === '' ? Number.NaN : Number(target.value))}
  />
);

interface ListProps {
  label: string;
  list: readonly string[];
  onChange: (list: string[]) => void;
  error: string | undefined;
  readOnly: boolean;
}

/** One item a line. The text stays as it is typed; blank lines are no items. */
function ListField({ list, onChange, ...rest }: ListProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => linesOf(list));
  // Discarded or changed elsewhere: what was typed is not what is meant any more.
  const current = listOf(text).join('\n') === linesOf(list) ? text : linesOf(list);
  return (
    <TextAreaField
      {...rest}
      className="max-w-120"
      mono
      spellCheck={false}
      hint={t('review.payload.listHint')}
      value={current}
      onChange={(event) => {
        setText(event.target.value);
        onChange(listOf(event.target.value));
      }}
    />
  );
}
