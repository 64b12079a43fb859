import { useTranslation } from 'react-i18next';
import { streamOf } from './stream';

/** What a stream is called. */
export function useStreamName(): (stream: string | undefined) => string {
  const { t } = useTranslation();
  return (text) => {
    const { kind, name } = streamOf(text);
    return t(`release.stream.${kind}`, { name });
  };
}
