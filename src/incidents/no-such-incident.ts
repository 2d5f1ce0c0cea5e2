import { NotFoundException } from '@nestjs/common';

/** 404 for whatever was given as an id; the error names it, cut short. */
export const noSuchIncident = (id: string): NotFoundException =>
  new NotFoundException(`there is no incident ${JSON.stringify(id.slice(0, 50))}`);
