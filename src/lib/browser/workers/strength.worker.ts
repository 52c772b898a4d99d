/** The worker in which passwords are judged: the dictionaries are large and a judgement takes a while. */
import { expose } from 'comlink';
import { StrengthCalls } from './guessing.ts';

expose(new StrengthCalls());
