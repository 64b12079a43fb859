import { useCall } from '@/api/query';

/** Makes the sample project with its databases. */
export const useSample = () =>
  useCall('ActuatorService/SetupSample', {
    touches: ['ProjectService', 'InstanceService', 'DatabaseService'],
  });
