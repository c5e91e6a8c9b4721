import { GuidanceList, GuidanceSetting, TrustMark } from '@devfactory/contracts';
import { z } from 'zod';

export const GuidanceSettingBody = GuidanceSetting.meta({ id: 'GuidanceSetting' });
export const GuidanceListBody = GuidanceList.meta({ id: 'GuidanceList' });
export const ForgetGuidance = GuidanceSetting.pick({ kind: true, name: true }).meta({ id: 'ForgetGuidance' });
export const ForgetTrust = z
  .strictObject({ project: z.string().max(2100), ...TrustMark.shape })
  .meta({ id: 'ForgetTrust' });
