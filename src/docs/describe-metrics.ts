import { MetricsController } from '../metrics/metrics.controller.js';
import { describe } from './describe.js';

export const describeMetrics = (): void => {
  describe(MetricsController, 'metrics', {
    tag: 'state',
    summary: 'Figures for Prometheus',
    description: 'Answered within 2 s, also while the store is away; figures of what it holds are absent then.',
    answers: {
      200: {
        description: "Prometheus' text format; docs/metrics.md explains each name.",
        type: 'text/plain',
        schema: { type: 'string', example: 'alert_threader_store_up 1\n' },
      },
    },
  });
};
