import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { IndexNav } from '@/components/IndexNav';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { CallDocs } from '@/features/apiDocs/CallDocs';
import { type Call, callsOf, type Document, useOpenApi } from '@/features/apiDocs/openapi';
import { useSearchState } from '@/hooks/useSearch';
import { paths } from '@/lib/paths';

/** What can be called by REST, from the document that the server makes of its own contract. */
export default function ApiPage() {
  const { t } = useTranslation();
  const query = useOpenApi();
  return (
    <Page title={t('apiDocs.title')} purpose={t('apiDocs.purpose')}>
      <Loaded query={query} doing={t('apiDocs.title')} skeletonRows={12}>
        {(document) => <Methods document={document} />}
      </Loaded>
    </Page>
  );
}

/** `GetPlan` of `PlanService_GetPlan_2`. */
const methodOf = ({ operation }: Call) => operation.operationId.split('_')[1] ?? '';

function Methods({ document }: { document: Document }) {
  const { t } = useTranslation();
  const [search] = useSearchState();
  const text = (search.q ?? '').toLowerCase();
  const services = useMemo(() => {
    const found = new Map<string, Map<string, Call[]>>();
    for (const call of callsOf(document)) {
      const method = methodOf(call);
      const service = call.operation.tags[0] ?? '';
      if (text && !`${service} ${method} ${call.path}`.toLowerCase().includes(text)) continue;
      const methods = found.get(service) ?? new Map<string, Call[]>();
      methods.set(method, [...(methods.get(method) ?? []), call]);
      found.set(service, methods);
    }
    return [...found].sort(([a], [b]) => a.localeCompare(b));
  }, [document, text]);
  const first = services[0];
  const [service, method] = (search.object ?? '').split('/');
  const chosen = services.find(([name]) => name === service) ?? first;
  const calls = chosen?.[1].get(method ?? '') ?? [...(chosen?.[1].values() ?? [])][0] ?? [];
  const current = calls[0] && methodOf(calls[0]);
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <IndexNav
        label={t('apiDocs.methods')}
        search={t('apiDocs.search')}
        groups={services.map(([name, methods]) => ({
          title: name,
          links: [...methods.keys()].map((key) => ({
            text: key,
            to: paths.apiDocs(`${name}/${key}`, search.q),
            here: name === chosen?.[0] && key === current,
          })),
        }))}
      />
      {calls[0] && (
        <div className="flex min-w-0 flex-col gap-4">
          <h2 className="text-lead">{calls[0].operation.summary}</h2>
          {calls.map((call) => (
            <CallDocs key={`${call.verb} ${call.path}`} document={document} call={call} />
          ))}
          <p className="text-small text-muted">
            <a
              href="/api/openapi.json"
              className="text-accent underline-offset-2 hover:underline"
              target="_blank"
              rel="noreferrer"
            >
              {t('apiDocs.document')}
            </a>
          </p>
        </div>
      )}
    </div>
  );
}
