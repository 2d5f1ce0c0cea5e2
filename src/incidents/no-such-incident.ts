import { NotFoundException } from '@nestjs/common';
import { excerpt } from '../domain/excerpt.js';

/** 404 for whatever was given as an id; the error names it, cut short. */
export const noSuchIncident = (id: string): NotFoundException =>
  new NotFoundException(`there is no incident ${JSON.stringify(excerpt(id, 50))}`);
