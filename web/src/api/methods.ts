/** Every rpc as `Service/Method`, with the types of its request and response. */
import type { Services } from './gen/methods';

type Package = 'bytebase.v1';
type ServiceName = keyof Services extends infer S ? (S extends `${Package}.${infer N}` ? N : never) : never;
type Of<S extends string> = `${Package}.${S}` extends keyof Services ? Services[`${Package}.${S}`] : never;

export type Service = ServiceName;
export type Method = { [S in ServiceName]: `${S}/${keyof Of<S> & string}` }[ServiceName];

type Entry<M extends Method> = M extends `${infer S}/${infer N}`
  ? N extends keyof Of<S>
    ? Of<S>[N]
    : never
  : never;

export type Request<M extends Method> = Entry<M> extends { req: infer R } ? R : never;
export type Response<M extends Method> = Entry<M> extends { res: infer R } ? R : never;
