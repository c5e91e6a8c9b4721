import { GuidanceList, GuidanceName, GuidanceSetting, TrustMark } from '@devfactory/contracts';
import { z } from 'zod';

export const GuidanceSettingBody = GuidanceSetting.meta({ id: 'GuidanceSetting' });
export const GuidanceListBody = GuidanceList.meta({ id: 'GuidanceList' });
export const ForgetGuidance = GuidanceName.meta({ id: 'ForgetGuidance' });
export const ForgetTrust = z
  .strictObject({ project: z.string().max(2100), ...TrustMark.shape })
  .meta({ id: 'ForgetTrust' });
