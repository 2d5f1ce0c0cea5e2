import type { IncidentView } from '../../src/incidents/incident-view.js';
import type { ServiceProcess } from './service-process.js';

/** Every incident of GET /incidents, page by page. */
export const allIncidents = async (service: ServiceProcess): Promise<IncidentView[]> => {
  const items: IncidentView[] = [];
  let cursor: string | undefined;
  do {
    const page = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await service.get(`/incidents?limit=100${page}`);
    items.push(...(body.items as IncidentView[]));
    cursor = body.next_cursor as string | undefined;
  } while (cursor != null);
  return items;
};
