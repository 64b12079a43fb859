import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '@/features/instances/engines';
import { Checkbox } from '@/ui/Choice';
import { TextField } from '@/ui/Field';
import { Select } from '@/ui/Select';
import type { Change } from './changes';
import { ISOLATIONS, type Isolation, readDirectives, withDirective } from './directives';
import { optionsOf, readSeconds, withSettings } from './engineOptions';

interface Props {
  change: Change;
  engine: string | undefined;
  readOnly?: boolean | undefined;
  patch: (next: Partial<Change>) => void;
}

/** The value that stands for no choice: Radix has no empty one. */
const USUAL = 'usual';

/** How many options differ from the usual. */
export function countOptions({ statement, settings }: Change): number {
  const { transaction, isolation } = readDirectives(statement);
  return Number(transaction === 'off') + Number(isolation !== undefined) + Object.keys(settings ?? {}).length;
}

/**
 * How a change is run. What belongs to the script is written into it, as comments that the server reads; the rest
 * are settings of its session. What an engine has not says why.
 */
export function ChangeOptions({ change, engine, readOnly, patch }: Props) {
  const { t } = useTranslation();
  const info = useEngine(engine);
  const has = optionsOf(engine);
  const name = info?.title ?? t('plan.option.thisEngine');
  const { statement, settings, file } = change;
  const { transaction, isolation } = readDirectives(statement);
  const inText = file ? t('plan.option.inFile') : undefined;
  const set = (names: readonly string[], value: string | undefined) =>
    patch({ settings: withSettings(settings, names, value) });
  const known = [...(has?.lockTimeout.names ?? []), ...(has?.statementTimeout.names ?? []), has?.role ?? ''];
  const others = Object.entries(settings ?? {}).filter(([setting]) => !known.includes(setting));
  return (
    <fieldset className="rounded-card border border-line bg-surface p-4" disabled={readOnly}>
      <legend className="sr-only">{t('plan.options')}</legend>
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        <Option
          label={t('plan.option.transaction')}
          off={inText}
          hint={info && !info.transactionalDdl && t('plan.option.noDdlTransaction', { engine: name })}
        >
          {(props) => (
            <Select
              {...props}
              value={transaction === 'off' ? 'off' : USUAL}
              onChange={(value) =>
                patch({
                  statement: withDirective(statement, 'transaction', value === USUAL ? undefined : value),
                })
              }
              options={[
                { value: USUAL, label: t('plan.option.oneTransaction') },
                { value: 'off', label: t('plan.option.eachStatement') },
              ]}
            />
          )}
        </Option>
        <Option
          label={t('plan.option.isolation')}
          off={
            inText ??
            (has && !has.isolation
              ? t('plan.option.noIsolation', { engine: name })
              : transaction === 'off'
                ? t('plan.option.noTransaction')
                : undefined)
          }
        >
          {(props) => (
            <Select
              {...props}
              value={isolation ?? USUAL}
              onChange={(value) =>
                patch({
                  statement: withDirective(statement, 'isolation', value === USUAL ? undefined : value),
                })
              }
              options={[
                { value: USUAL, label: t('plan.option.usualIsolation', { engine: name }) },
                ...ISOLATIONS.map((value) => ({ value, label: isolationLabel(value) })),
              ]}
            />
          )}
        </Option>
        {(['lockTimeout', 'statementTimeout'] as const).map((option) => (
          <Option
            key={option}
            label={t(`plan.option.${option}`)}
            off={has ? undefined : t('plan.option.notKnown', { engine: name })}
            hint={t(`plan.option.${option}Hint`)}
          >
            {(props) => (
              <SecondsField
                {...props}
                value={has && readSeconds(has[option], settings)}
                onChange={(seconds) =>
                  has &&
                  set(has[option].names, seconds === undefined ? undefined : has[option].write(seconds))
                }
              />
            )}
          </Option>
        ))}
        <Option
          label={t('plan.option.role')}
          off={has?.role ? undefined : t('plan.option.noRole', { engine: name })}
          hint={t('plan.option.roleHint')}
        >
          {(props) => (
            <TextField
              {...props}
              mono
              spellCheck={false}
              value={(has?.role && settings?.[has.role]) || ''}
              onChange={(event) => has?.role && set([has.role], event.target.value)}
            />
          )}
        </Option>
        <div className="flex flex-col gap-2">
          <Checkbox disabled label={t('plan.option.backup')} description={t('plan.option.noBackup')} />
          <Checkbox disabled label={t('plan.option.online')} description={t('plan.option.noOnline')} />
        </div>
      </div>
      {others.length > 0 && (
        <ul aria-label={t('plan.option.others')} className="mt-3 flex flex-wrap gap-2">
          {others.map(([setting, value]) => (
            <li
              key={setting}
              className="flex h-7 items-center gap-1 rounded-full border border-line bg-bg pr-1 pl-2.5 font-mono text-caption"
            >
              {`${setting} = ${value}`}
              {!readOnly && (
                <button
                  type="button"
                  aria-label={t('plan.option.remove', { name: setting })}
                  onClick={() => set([setting], undefined)}
                  className="grid size-6 place-items-center rounded-full text-muted hover:bg-hover"
                >
                  <X className="size-3.5" aria-hidden="true" />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}

const isolationLabel = (isolation: Isolation) => isolation.toUpperCase();

interface ControlProps {
  label: string;
  hint: string | undefined;
  disabled: boolean;
}

interface OptionProps {
  label: string;
  /** Why it cannot be chosen. */
  off: string | undefined;
  hint?: string | false | undefined;
  children: (props: ControlProps) => React.ReactNode;
}

const Option = ({ label, off, hint, children }: OptionProps) =>
  children({ label, hint: off ?? (hint || undefined), disabled: off !== undefined });

interface SecondsProps extends ControlProps {
  value: number | undefined;
  onChange: (seconds: number | undefined) => void;
}

/** What is typed stays as it is typed; what it says is handed on while it is a number. */
function SecondsField({ value, onChange, ...rest }: SecondsProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value === undefined ? '' : String(value));
  const bad = text.trim() !== '' && !(Number(text) > 0);
  return (
    <TextField
      {...rest}
      inputMode="decimal"
      placeholder={t('plan.option.fromEnvironment')}
      value={text}
      error={bad ? t('plan.option.seconds') : undefined}
      onChange={(event) => {
        const typed = event.target.value;
        setText(typed);
        if (typed.trim() === '') onChange(undefined);
        else if (Number(typed) > 0) onChange(Number(typed));
      }}
    />
  );
}
