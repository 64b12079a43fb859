/** The connection form's values, what is wrong with them, and the data source they make. Pure. */
import type { DataSource, Instance } from '@/api/types';
import { isResourceId, slugOf } from '@/lib/names';
import type { EngineInfo } from './engines';

export interface ConnectionValues {
  host: string;
  port: string;
  username: string;
  password: string;
  database: string;
  useSsl: boolean;
  verifyTls: boolean;
  sslCa: string;
  sslCert: string;
  sslKey: string;
  useSsh: boolean;
  sshHost: string;
  sshPort: string;
  sshUser: string;
  sshPassword: string;
  sshPrivateKey: string;
}

export interface InstanceValues extends ConnectionValues {
  engine: string;
  title: string;
  id: string;
  /** The id follows the title until somebody edits it. */
  idEdited: boolean;
  environment: string;
}

export const EMPTY_CONNECTION: ConnectionValues = {
  host: '',
  port: '',
  username: '',
  password: '',
  database: '',
  useSsl: false,
  verifyTls: true,
  sslCa: '',
  sslCert: '',
  sslKey: '',
  useSsh: false,
  sshHost: '',
  sshPort: '22',
  sshUser: '',
  sshPassword: '',
  sshPrivateKey: '',
};

export const EMPTY_INSTANCE: InstanceValues = {
  ...EMPTY_CONNECTION,
  engine: '',
  title: '',
  id: '',
  idEdited: false,
  environment: '',
};

export const instanceIdOf = (values: InstanceValues) => (values.idEdited ? values.id : slugOf(values.title));

export type FieldError = 'needed' | 'port' | 'id' | 'pair';
export type FormErrors<T> = Partial<Record<keyof T, FieldError>>;

const badPort = (port: string) => !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65535;

export function connectionErrors(
  values: ConnectionValues,
  engine: EngineInfo | undefined,
): FormErrors<ConnectionValues> {
  const errors: FormErrors<ConnectionValues> = {};
  if (!values.host.trim()) errors.host = 'needed';
  if (engine?.needsHost) {
    if (!values.username.trim()) errors.username = 'needed';
    if (values.port && badPort(values.port)) errors.port = 'port';
    if (values.useSsl && values.sslCert && !values.sslKey) errors.sslKey = 'pair';
    if (values.useSsl && values.sslKey && !values.sslCert) errors.sslCert = 'pair';
    if (values.useSsh && !values.sshHost.trim()) errors.sshHost = 'needed';
    if (values.useSsh && !values.sshUser.trim()) errors.sshUser = 'needed';
    if (values.useSsh && badPort(values.sshPort)) errors.sshPort = 'port';
  }
  return errors;
}

export function instanceErrors(
  values: InstanceValues,
  engine: EngineInfo | undefined,
): FormErrors<InstanceValues> {
  const errors: FormErrors<InstanceValues> = connectionErrors(values, engine);
  if (!values.engine) errors.engine = 'needed';
  if (!values.title.trim()) errors.title = 'needed';
  else if (!isResourceId(instanceIdOf(values))) errors.id = 'id';
  return errors;
}

/** An instance has one data source that changes, and may have others that only read. */
export const ADMIN = { id: 'admin', type: 'ADMIN' } as const;

export function toDataSource(
  values: ConnectionValues,
  engine: EngineInfo | undefined,
  which: Pick<DataSource, 'id' | 'type'> = ADMIN,
): DataSource {
  const source: DataSource = { ...which, host: values.host.trim() };
  if (!engine?.needsHost) return source;
  Object.assign(source, {
    port: values.port || String(engine.defaultPort ?? ''),
    username: values.username.trim(),
    password: values.password || undefined,
    database: values.database.trim() || undefined,
    useSsl: values.useSsl,
    verifyTlsCertificate: values.useSsl && values.verifyTls,
    skipTlsVerification: values.useSsl && !values.verifyTls,
    sslCa: values.useSsl ? values.sslCa || undefined : undefined,
    sslCert: values.useSsl ? values.sslCert || undefined : undefined,
    sslKey: values.useSsl ? values.sslKey || undefined : undefined,
  } satisfies DataSource);
  if (values.useSsh) {
    Object.assign(source, {
      sshHost: values.sshHost.trim(),
      sshPort: values.sshPort,
      sshUser: values.sshUser.trim(),
      sshPassword: values.sshPassword || undefined,
      sshPrivateKey: values.sshPrivateKey || undefined,
    } satisfies DataSource);
  }
  return source;
}

export function fromDataSource(source: DataSource | undefined): ConnectionValues {
  return {
    ...EMPTY_CONNECTION,
    host: source?.host ?? '',
    port: source?.port ?? '',
    username: source?.username ?? '',
    database: source?.database ?? '',
    useSsl: source?.useSsl ?? false,
    verifyTls: !source?.skipTlsVerification,
    useSsh: Boolean(source?.sshHost),
    sshHost: source?.sshHost ?? '',
    sshPort: source?.sshPort || '22',
    sshUser: source?.sshUser ?? '',
  };
}

/** The mask of an update: what the form shows, and each secret only when something was typed. */
export function changedPaths(values: ConnectionValues): string {
  const paths = [
    'host',
    'port',
    'username',
    'database',
    'useSsl',
    'skipTlsVerification',
    'sshHost',
    'sshPort',
    'sshUser',
  ];
  if (values.password) paths.push('password');
  if (values.sslCa) paths.push('sslCa');
  if (values.sslCert) paths.push('sslCert', 'sslKey');
  if (values.sshPassword) paths.push('sshPassword');
  if (values.sshPrivateKey) paths.push('sshPrivateKey');
  return paths.join(',');
}

export function toInstance(values: InstanceValues, engine: EngineInfo | undefined): Instance {
  return {
    title: values.title.trim(),
    engine: values.engine as Instance['engine'],
    environment: values.environment || undefined,
    activation: true,
    dataSources: [toDataSource(values, engine)],
  };
}
