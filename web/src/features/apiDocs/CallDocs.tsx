import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyBlock } from '@/ui/CopyBlock';
import { Table, Td, Th, Tr } from '@/ui/Table';
import { type Call, curlOf, type Document, resolve, type Schema, typeName } from './openapi';

interface Field {
  name: string;
  place: 'path' | 'query' | 'body';
  required: boolean;
  schema: Schema;
}

/** One way to call a method: what it needs, what goes in, what comes out, and the call for a shell. */
export function CallDocs({ document, call }: { document: Document; call: Call }) {
  const { t } = useTranslation();
  const { operation, verb, path } = call;
  const body = operation.requestBody?.content['application/json'].schema;
  const fields = useMemo(() => fieldsOf(document, call), [document, call]);
  const answer = operation.responses['200'].content['application/json'].schema;
  const shown = Object.entries(resolve(document, answer).properties ?? {});
  return (
    <section
      aria-label={`${verb} ${path}`}
      className="flex min-w-0 flex-col gap-3 rounded-card border border-line bg-raised p-4"
    >
      <p className="font-mono text-small [overflow-wrap:anywhere]">
        <span className="mr-2 rounded-button bg-surface px-1.5 py-0.5 font-semibold">{verb}</span>
        {path}
      </p>
      {operation.description && (
        <p className="text-small text-muted [overflow-wrap:anywhere]">
          {operation.description.replaceAll('`', '')}
        </p>
      )}
      {fields.length > 0 && (
        <Table label={t('apiDocs.fieldsOf', { call: `${verb} ${path}` })}>
          <thead>
            <tr>
              <Th>{t('apiDocs.field')}</Th>
              <Th>{t('apiDocs.in')}</Th>
              <Th>{t('apiDocs.type')}</Th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ name, place, required, schema }) => (
              <Tr key={`${place} ${name}`}>
                <Td className="font-mono text-small">
                  {name}{' '}
                  {required && <span className="ml-1 font-sans text-muted">{t('apiDocs.required')}</span>}
                </Td>
                <Td className="text-muted">{t(`apiDocs.place.${place}`)}</Td>
                <Td className="max-w-140 font-mono text-small text-muted [overflow-wrap:anywhere]">
                  {typeName(document, schema)}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      <p className="text-small [overflow-wrap:anywhere]">
        <span className="font-medium">{t('apiDocs.answer')}</span>{' '}
        <span className="font-mono">{typeName(document, answer)}</span>{' '}
        <span className="text-muted">{shown.map(([name]) => name).join(', ')}</span>
      </p>
      <CopyBlock
        label={t('apiDocs.shell', { call: `${verb} ${path}` })}
        text={curlOf(document, call, window.location.origin)}
        className={body ? 'max-h-96' : ''}
      />
    </section>
  );
}

function fieldsOf(document: Document, { operation }: Call): Field[] {
  const body = operation.requestBody?.content['application/json'].schema;
  const { properties = {}, required = [] } = body ? resolve(document, body) : {};
  const ofBody = Object.entries(properties).filter(([, schema]) => !schema.readOnly);
  return [
    ...(operation.parameters ?? []).map(
      ({ name, in: place, required: needed, schema }): Field => ({ name, place, required: !!needed, schema }),
    ),
    ...ofBody.map(
      ([name, schema]): Field => ({ name, place: 'body', required: required.includes(name), schema }),
    ),
  ];
}
