import type { RoutedModule } from '../../compiler/routing/routes.ts';
import type { PolicySearch } from '../dmarc/policy-search.ts';
import type { ReportRecorder } from '../dmarc/report-data/report-recorder.ts';
import type { ModuleInstance } from '../module.ts';
import type { Logger } from '../observe/log.ts';
import type { Metrics } from '../observe/metrics.ts';

/** What the messages of one pipeline need besides themselves. */
export interface PipelineServices {
  /** The running module behind a name of the routes. */
  readonly instanceOf: (module: RoutedModule) => ModuleInstance;
  /** Unnamed: lines about one message carry its id. */
  readonly log: Logger;
  readonly metrics: Metrics;
  /** How policies of DMARC are found. */
  readonly policySearch: PolicySearch;
  /** Counts what DMARC decides; null: nobody wants to know. */
  readonly dmarcReports?: ReportRecorder | null;
  /** In A-labels; Authentication-Results and Received bear it. */
  readonly hostname: string;
}
