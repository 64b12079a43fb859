import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DirtyBar } from '@/components/DirtyBar';
import { useSearchState } from '@/hooks/useSearch';
import { ErrorPanel, Notice } from '@/ui/States';
import type { ConfigEdit } from './useConfigEdit';
import { useProblemWords } from './useProblemWords';

/** Saves what was changed; what keeps it from being saved is listed, each with the way there. */
export function SaveBar({ edit }: { edit: ConfigEdit }) {
  const { t } = useTranslation();
  const tell = useProblemWords();
  const [tried, setTried] = useState(false);
  const { error, others, wrong, ready, refusals } = edit;
  const refused = Object.entries(refusals);
  return (
    <>
      {tried && !ready && (
        <CannotSave>
          {!edit.title.trim() && <li>{t('review.nameNeeded')}</li>}
          {wrong.map(({ rule, problem }) => (
            <RuleItem key={`${rule.engine}/${rule.type}`} engine={rule.engine} type={rule.type}>
              {tell(problem)}
            </RuleItem>
          ))}
        </CannotSave>
      )}
      {error && refused.length + others.length > 0 && (
        <CannotSave>
          {refused.map(([key, text]) => {
            const [engine, type] = key.split('/');
            return (
              <RuleItem key={key} engine={engine} type={type}>
                {text}
              </RuleItem>
            );
          })}
          {others.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </CannotSave>
      )}
      {error && refused.length + others.length === 0 && <ErrorPanel error={error} doing={t('action.save')} />}
      {edit.dirty && (
        <DirtyBar
          busy={edit.saving}
          onDiscard={() => {
            setTried(false);
            void edit.discard();
          }}
          onSave={() => {
            setTried(true);
            edit.save();
          }}
        />
      )}
    </>
  );
}

/** Takes the focus, so that who pressed Save learns why nothing was. */
function CannotSave({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1}>
      <Notice tone="danger" role="alert" title={t('review.cannotSave')}>
        <ul className="list-disc pl-4">{children}</ul>
      </Notice>
    </div>
  );
}

interface ItemProps {
  engine: string | undefined;
  type: string | undefined;
  children: ReactNode;
}

/** Leads to the rule, wherever filters hide it. */
function RuleItem({ engine, type, children }: ItemProps) {
  const [, setSearch] = useSearchState();
  return (
    <li>
      <button
        type="button"
        className="font-mono text-accent underline-offset-2 hover:underline"
        onClick={() => setSearch({ engine, q: type, category: undefined, level: undefined })}
      >
        {type}
      </button>
      : {children}
    </li>
  );
}
