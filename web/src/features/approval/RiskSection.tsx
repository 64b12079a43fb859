import { useTranslation } from 'react-i18next';
import { Section } from '@/components/Page';
import { Table, Td, Th, Tr } from '@/ui/Table';

/** As the server finds it; the rest is LOW. */
const KINDS = [
  ['HIGH', ['DROP_DATABASE', 'DROP_TABLE', 'DROP_SCHEMA', 'TRUNCATE']],
  ['MODERATE', ['DELETE', 'UPDATE', 'ALTER_TABLE', 'DROP_INDEX']],
] as const;
const LOWEST = 'LOW';

/** How `risk.level`, which rules may ask, comes about. It is not set by anybody. */
export function RiskSection() {
  const { t } = useTranslation();
  return (
    <Section title={t('approval.risk.title')}>
      <p className="text-muted">{t('approval.risk.text')}</p>
      <Table label={t('approval.risk.title')}>
        <thead>
          <tr>
            <Th>{t('approval.variable.risk_level')}</Th>
            <Th>{t('approval.risk.kinds')}</Th>
          </tr>
        </thead>
        <tbody>
          {KINDS.map(([level, kinds]) => (
            <Tr key={level}>
              <Td className="font-mono">{level}</Td>
              <Td className="font-mono text-caption">{kinds.join(', ')}</Td>
            </Tr>
          ))}
          <Tr>
            <Td className="font-mono">{LOWEST}</Td>
            <Td>{t('approval.risk.rest')}</Td>
          </Tr>
        </tbody>
      </Table>
    </Section>
  );
}
