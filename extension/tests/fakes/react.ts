/** React, whose store hook also works where markup is drawn without a browser. */
import { useSyncExternalStore as real } from 'react';

export * from 'react';

export const useSyncExternalStore = <T>(subscribe: (listener: () => void) => () => void, get: () => T): T => real(subscribe, get, get);
