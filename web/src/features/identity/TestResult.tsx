import { useTranslation } from 'react-i18next';
import type { TestIdentityProviderResponse } from '@/api/types';
import { type Column, DataTable } from '@/components/list/DataTable';
import { Section } from '@/components/Page';
import { Notice } from '@/ui/States';
import { Status } from '@/ui/Status';
import { type Claim, judge } from './claims';
import type { ProviderValues } from './provider';

interface Props {
  answer: TestIdentityProviderResponse;
  values: ProviderValues;
}

/** What the provider said of whoever signed in there, and what it comes to here. */
export function TestResult({ answer, values }: Props) {
  const { t } = useTranslation();
  const { claims, missing, email, refusal } = judge(answer, values);
  const columns: Column<Claim>[] = [
    { key: 'claim', label: t('idp.claim'), className: 'font-mono', cell: ({ name }) => name },
    {
      key: 'value',
      label: t('idp.value'),
      className: 'font-mono [overflow-wrap:anywhere]',
      cell: ({ value }) => value,
    },
    {
      key: 'becomes',
      label: t('idp.becomes'),
      className: 'whitespace-nowrap text-muted',
      cell: ({ becomes }) => becomes.map((field) => t(`idp.mapped.${field}`)).join(', '),
    },
  ];
  return (
    <Section title={t('idp.testResult')}>
      {refusal ? (
        <Notice tone="danger" role="alert" title={t('idp.testRefused')}>
          {t(`idp.refusal.${refusal}`, { claim: values.identifier, domain: values.domain })}
        </Notice>
      ) : (
        <p role="status" className="flex flex-wrap items-center gap-2">
          <Status kind="done" label={t('idp.testWorks')} />
          <span className="[overflow-wrap:anywhere]">{t('idp.testAs', { email })}</span>
        </p>
      )}
      {missing.length > 0 && !refusal && (
        <Notice tone="warning">
          {t('idp.notSent', { claims: missing.map((field) => values[field]).join(', ') })}
        </Notice>
      )}
      <DataTable label={t('idp.claims')} items={claims} columns={columns} keyOf={({ name }) => name} />
    </Section>
  );
}
