/** Every rpc as `Service/Method`, with the types of its request and response. Names are unique over both packages. */
import type { Services } from './gen/methods';

type NameIn<P extends string> = keyof Services extends infer S
  ? S extends `${P}.${infer N}`
    ? N
    : never
  : never;
type Own = NameIn<'basalt.v1'>;
type ServiceName = Own | NameIn<'bytebase.v1'>;
type In<P extends string, N extends string> = `${P}.${N}` extends keyof Services
  ? Services[`${P}.${N}`]
  : never;
type Of<N extends string> = In<'basalt.v1', N> | In<'bytebase.v1', N>;

export type Service = ServiceName;
export type Method = { [S in ServiceName]: `${S}/${keyof Of<S> & string}` }[ServiceName];

type Entry<M extends Method> = M extends `${infer S}/${infer N}`
  ? N extends keyof Of<S>
    ? Of<S>[N]
    : never
  : never;

export type Request<M extends Method> = Entry<M> extends { req: infer R } ? R : never;
export type Response<M extends Method> = Entry<M> extends { res: infer R } ? R : never;

/** Services of our own package. */
const OWN: Record<Own, true> = {
  AccessService: true,
  ApprovalService: true,
  BaselineService: true,
  DraftService: true,
  EmergencyService: true,
  ExecutionService: true,
  PreferenceService: true,
  RepositoryService: true,
  ReviewService: true,
  SearchService: true,
  SingleSignOnService: true,
  ThreadService: true,
  WebhookService: true,
};

/** Where an rpc is called. */
export const pathOf = (method: string): string =>
  `/${(method.split('/')[0] ?? '') in OWN ? 'basalt' : 'bytebase'}.v1.${method}`;
