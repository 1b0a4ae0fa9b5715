/** React, whose store hook also works where markup is drawn without a browser. */
import * as react from 'react';

export const { createContext, Fragment, useCallback, useContext, useEffect, useId, useMemo, useRef, useState } = react;

/** An effect like others: there is no layout. */
export const useLayoutEffect = react.useEffect;

export const useSyncExternalStore = <T>(subscribe: (listener: () => void) => () => void, get: () => T): T =>
  react.useSyncExternalStore(subscribe, get, get);
