/** React's own JSX, with a number on each element so that a test can reach what a drawn node was given. */
import type { Key, ReactElement } from 'react';
import * as runtime from 'react/jsx-runtime';

export type Props = Record<string, unknown>;
type Make = (type: unknown, props: Props, key?: Key) => ReactElement;

const real = runtime as unknown as { jsx: Make; jsxs: Make };

/** The properties of every element made since the last drawing began, by number. */
export const given: Props[] = [];

const numbered =
  (make: Make): Make =>
  (type, props, key) => {
    if (typeof type !== 'string') {
      return make(type, props, key);
    }
    given.push(props);
    return make(type, { ...props, 'data-given': given.length - 1 }, key);
  };

export const Fragment = (runtime as unknown as { Fragment: unknown }).Fragment;
export const jsx = numbered(real.jsx);
export const jsxs = numbered(real.jsxs);
