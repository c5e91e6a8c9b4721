import { lazy } from 'react';

/** Loaded when it is opened: most pages are left without. */
export const LazyModelPicker = lazy(async () => ({ default: (await import('./model-picker.tsx')).ModelPicker }));
