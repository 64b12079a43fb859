import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { NoMatch, SearchBox } from '@/components/ListTools';
import { Loaded } from '@/components/Loaded';
import { Page } from '@/components/Page';
import { CallDocs } from '@/features/apiDocs/CallDocs';
import { type Call, callsOf, type Document, useOpenApi } from '@/features/apiDocs/openapi';
import { useSearchState } from '@/hooks/useSearch';
import { cn } from '@/lib/cn';
import { paths } from '@/lib/paths';
import { AppLink } from '@/ui/AppLink';

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
      <nav
        aria-label={t('apiDocs.methods')}
        className="flex flex-col gap-2 rounded-card border border-line bg-surface p-3"
      >
        <SearchBox label={t('apiDocs.search')} />
        {services.length === 0 && <NoMatch clear={{}} />}
        <div className="flex max-h-80 flex-col gap-3 overflow-y-auto lg:max-h-[calc(100dvh-14rem)]">
          {services.map(([name, methods]) => (
            <div key={name}>
              <h2 className="px-2 py-1 text-caption font-medium text-muted">{name}</h2>
              <ul>
                {[...methods.keys()].map((key) => {
                  const here = name === chosen?.[0] && key === current;
                  return (
                    <li key={key}>
                      <AppLink
                        to={paths.apiDocs(`${name}/${key}`, search.q)}
                        aria-current={here ? 'page' : undefined}
                        className={cn(
                          'block rounded-button px-2 py-1 text-small',
                          here ? 'bg-hover font-medium' : 'text-muted hover:bg-hover hover:text-text',
                        )}
                      >
                        {key}
                      </AppLink>
                    </li>
                  );
                })}
              </ul>
            </div>
          ))}
        </div>
      </nav>
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
