import { LabIcon } from '@jupyterlab/ui-components';
import book from '../style/icons/book.svg';

export const bookIcon = new LabIcon({ name: 'lakebook:book', svgstr: book });
