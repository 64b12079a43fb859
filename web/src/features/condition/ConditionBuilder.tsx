import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toLocalInput } from '@/lib/time';
import { Button, IconButton } from '@/ui/Button';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import { type Clause, OPERATORS, type Operator, writeClauses } from './clauses';
import { DatabaseValue } from './DatabaseValue';
import { type ConditionField, clausesOf, typeIn } from './fields';

interface Props {
  value: string;
  onChange: (value: string) => void;
  fields: readonly ConditionField[];
  always: string;
}

/** Words of the operators in en.json; signs make no keys. */
const WORD: Record<Operator, string> = {
  '==': 'is',
  '!=': 'isNot',
  in: 'in',
  notIn: 'notIn',
  contains: 'contains',
  startsWith: 'startsWith',
  endsWith: 'endsWith',
  matches: 'matches',
  '<': 'less',
  '<=': 'atMost',
  '>': 'more',
  '>=': 'atLeast',
  has: 'has',
};

/** Comparisons that must all hold. */
export function ConditionBuilder({ value, onChange, fields, always }: Props) {
  const { t } = useTranslation();
  // Kept as typed: a half-typed list does not lose its comma on the way through the text.
  const [typed, setTyped] = useState<{ text: string; clauses: Clause[] }>();
  const clauses = typed?.text === value ? typed.clauses : (clausesOf(value, fields) ?? []);
  const typeOf = typeIn(fields);
  const set = (next: Clause[]) => {
    const text = writeClauses(next, typeOf);
    setTyped({ text, clauses: next });
    onChange(text);
  };
  const first = fields[0];
  return (
    <div className="flex flex-col items-start gap-2">
      {clauses.length === 0 ? (
        <p className="text-small text-muted">{value ? always : t('condition.none')}</p>
      ) : (
        <ul className="flex w-full flex-col gap-2">
          {clauses.map((clause, at) => (
            <ClauseRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a comparison is where it stands
              key={at}
              clause={clause}
              number={at + 1}
              fields={fields}
              onChange={(next) => set(clauses.map((old, i) => (i === at ? next : old)))}
              onRemove={() => set(clauses.filter((_, i) => i !== at))}
            />
          ))}
        </ul>
      )}
      <span className="flex flex-wrap gap-2">
        {first && (
          <Button size="sm" onClick={() => set([...clauses, fresh(first)])}>
            <Plus aria-hidden="true" />
            {clauses.length > 0 ? t('condition.addAnd') : t('condition.add')}
          </Button>
        )}
        {!value && (
          <Button size="sm" tone="ghost" onClick={() => set([])}>
            {always}
          </Button>
        )}
      </span>
    </div>
  );
}

const fresh = ({ name, type, values }: ConditionField): Clause => ({
  field: name,
  operator: OPERATORS[type][0] ?? '==',
  value: type === 'flag' ? 'true' : (values?.[0]?.value ?? ''),
});

interface RowProps {
  clause: Clause;
  number: number;
  fields: readonly ConditionField[];
  onChange: (clause: Clause) => void;
  onRemove: () => void;
}

function ClauseRow({ clause, number, fields, onChange, onRemove }: RowProps) {
  const { t } = useTranslation();
  const field = fields.find(({ name }) => name === clause.field);
  if (!field) return null;
  return (
    <li className="flex flex-wrap items-center gap-2">
      <span className="w-8 text-caption text-muted">
        {t(number === 1 ? 'condition.when' : 'condition.and')}
      </span>
      <Select
        bare
        className="w-auto! min-w-36 flex-1 sm:max-w-64"
        label={t('condition.field', { number })}
        value={clause.field}
        onChange={(name) => {
          const next = fields.find((f) => f.name === name);
          if (next) onChange(fresh(next));
        }}
        options={fields.map(({ name, text }) => ({ value: name, label: text }))}
      />
      {field.type !== 'flag' && (
        <Select
          bare
          className="w-auto! min-w-28"
          label={t('condition.operator', { number })}
          value={clause.operator}
          onChange={(operator) => onChange({ ...clause, operator: operator as Operator })}
          options={OPERATORS[field.type].map((operator) => ({
            value: operator,
            label: t(
              `condition.op.${field.type === 'time' ? `time${WORD[operator]}` : WORD[operator]}` as 'condition.op.is',
            ),
          }))}
        />
      )}
      <ClauseValue clause={clause} field={field} number={number} onChange={onChange} />
      <IconButton size="sm" label={t('condition.remove', { number })} onClick={onRemove}>
        <X aria-hidden="true" />
      </IconButton>
    </li>
  );
}

interface ValueProps extends Pick<RowProps, 'clause' | 'number' | 'onChange'> {
  field: ConditionField;
}

function ClauseValue({ clause, field, number, onChange }: ValueProps) {
  const { t } = useTranslation();
  const label = t('condition.value', { number });
  const set = (value: string) => onChange({ ...clause, value });
  const single = clause.operator === '==' || clause.operator === '!=';
  const values =
    field.type === 'flag'
      ? [
          { value: 'true', label: t('condition.yes') },
          { value: 'false', label: t('condition.no') },
        ]
      : single
        ? field.values
        : undefined;
  const many = clause.operator === 'in' || clause.operator === 'notIn';
  if (field.database && (single || many)) {
    return <DatabaseValue value={clause.value} many={many} onChange={set} />;
  }
  if (values) {
    // What is set stays to be seen, also when it is none of those offered.
    const known = values.some(({ value }) => value === clause.value) || !clause.value;
    return (
      <Select
        bare
        className="w-auto! min-w-32 flex-1"
        label={label}
        value={clause.value}
        onChange={set}
        placeholder={t('condition.choose')}
        options={known ? values : [...values, { value: clause.value, label: clause.value }]}
      />
    );
  }
  if (field.type === 'time') {
    const time = Date.parse(clause.value);
    return (
      <TextField
        className="flex-1 [&>span]:sr-only"
        type="datetime-local"
        label={label}
        value={Number.isNaN(time) ? '' : toLocalInput(new Date(time))}
        onChange={(event) => {
          const next = new Date(event.target.value);
          set(Number.isNaN(next.getTime()) ? '' : next.toISOString());
        }}
      />
    );
  }
  return (
    <TextField
      className="min-w-32 flex-1 [&>span]:sr-only"
      label={label}
      inputMode={field.type === 'number' ? 'numeric' : undefined}
      placeholder={many ? t('condition.several') : undefined}
      value={clause.value}
      onChange={(event) => set(event.target.value)}
    />
  );
}
