import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AgentGallery } from '../agents/agent-gallery.ts';
import { AgentsController } from '../agents/agents.controller.ts';
import { Agents } from '../agents/agents.ts';
import { AuthController } from '../auth/auth.controller.ts';
import { SessionStore } from '../auth/session.store.ts';
import { BackupSource } from '../backup/backup-source.ts';
import { BackupController } from '../backup/backup.controller.ts';
import { CheckpointReading } from '../checkpoints/checkpoint-reading.ts';
import { CheckpointsController } from '../checkpoints/checkpoints.controller.ts';
import { HistoryReading } from '../checkpoints/history-reading.ts';
import { HistoryController } from '../checkpoints/history.controller.ts';
import type { Plugins } from '../composition.ts';
import { DoctorController } from '../doctor/doctor.controller.ts';
import { Readiness } from '../doctor/readiness.ts';
import { EditsController } from '../edits/edits.controller.ts';
import { PersonEdits } from '../edits/person-edits.ts';
import { SharedFiles } from '../edits/shared-files.ts';
import { WorkspaceLooking } from '../edits/workspace-files.ts';
import { EventStreams } from '../events/event-streams.ts';
import { EventsController } from '../events/events.controller.ts';
import { LogSearch } from '../events/log-search.ts';
import { DestinationsController } from '../exports/destinations.controller.ts';
import { Destinations } from '../exports/destinations.ts';
import { ExportsController } from '../exports/exports.controller.ts';
import { HooksController } from '../exports/hooks.controller.ts';
import { Hooks } from '../exports/hooks.ts';
import { IssuesController } from '../exports/issues.controller.ts';
import { Issues } from '../exports/issues.ts';
import type { OpenGateway } from '../gateway/open-gateway.ts';
import { ForeignTickets } from '../gateway/tickets.ts';
import { GuidanceSettings } from '../guidance/guidance-settings.ts';
import { GuidanceController } from '../guidance/guidance.controller.ts';
import { HealthController } from '../health/health.controller.ts';
import { OpenApiController } from '../http/open-api.ts';
import { IdeController } from '../ide/ide.controller.ts';
import { Ides } from '../ide/ides.ts';
import { IntakesController } from '../intakes/intakes.controller.ts';
import { Intakes } from '../intakes/intakes.ts';
import { ModelsController } from '../models/models.controller.ts';
import { Models } from '../models/models.ts';
import { PreviewsController } from '../previews/previews.controller.ts';
import { Previews } from '../previews/previews.ts';
import { Screenshots } from '../previews/screenshots.ts';
import { BodiesController } from '../runs/bodies.controller.ts';
import { RunBodies } from '../runs/run-bodies.ts';
import { RunCommands } from '../runs/run-commands.ts';
import { RunCreation } from '../runs/run-creation.ts';
import { RunForks } from '../runs/run-forks.ts';
import { RunStore } from '../runs/run.store.ts';
import { RunsController } from '../runs/runs.controller.ts';
import { Cleaning } from '../storage/clean-up.ts';
import { RunRemoval } from '../storage/run-removal.ts';
import { StorageMeter } from '../storage/storage-use.ts';
import { StorageController } from '../storage/storage.controller.ts';
import { TombstoneStore } from '../storage/tombstone.store.ts';
import { Database } from '../store/database.ts';
import { EventStore } from '../store/event-store.ts';
import { TerminalsController } from '../terminals/terminals.controller.ts';
import { Terminals } from '../terminals/terminals.ts';
import { UploadFiles } from '../uploads/upload-files.ts';
import { UploadsController } from '../uploads/uploads.controller.ts';
import { LiveWorkspaces } from '../workspaces/live-workspaces.ts';
import type { Core } from './core.ts';
import {
  about,
  blobStore,
  doors,
  openApi,
  plugins,
  type AboutFacts,
  type Doors,
  type OpenApiDocument,
} from './parts.ts';

export interface AppParts {
  readonly core: Core;
  readonly plugins: Plugins;
  readonly doors: Doors;
  readonly gateway: OpenGateway;
  readonly about: AboutFacts;
  readonly openApi: OpenApiDocument;
}

const controllers = [
  HealthController,
  AuthController,
  RunsController,
  BodiesController,
  EventsController,
  CheckpointsController,
  HistoryController,
  EditsController,
  ExportsController,
  HooksController,
  IssuesController,
  IntakesController,
  DestinationsController,
  StorageController,
  UploadsController,
  TerminalsController,
  IdeController,
  AgentsController,
  ModelsController,
  GuidanceController,
  PreviewsController,
  DoctorController,
  BackupController,
  OpenApiController,
];

/** The HTTP side. What the controllers need is made before and handed in, each under its own token. */
@Module({})
export class AppModule {
  static of(parts: AppParts): DynamicModule {
    return { module: AppModule, controllers, providers: providersOf(parts) };
  }
}

function providersOf(parts: AppParts): Provider[] {
  const { core } = parts;
  const { events } = core;
  const { blobs } = parts.plugins;
  const plugged = { ...parts.plugins, agents: core.agents.all };
  const { creation } = core;
  const bodies = new RunBodies(events, blobs);
  return [
    { provide: plugins, useValue: plugged },
    { provide: doors, useValue: parts.doors },
    { provide: about, useValue: parts.about },
    { provide: openApi, useValue: parts.openApi },
    { provide: blobStore, useValue: blobs },
    { provide: Database, useValue: core.database },
    { provide: EventStore, useValue: events },
    { provide: RunStore, useValue: core.runs },
    { provide: SessionStore, useValue: core.sessions },
    { provide: EventStreams, useValue: core.streams },
    { provide: UploadFiles, useValue: core.uploads },
    { provide: Readiness, useValue: core.readiness },
    { provide: RunCreation, useValue: creation },
    { provide: RunForks, useValue: new RunForks({ events, bodies, creation }) },
    {
      provide: RunCommands,
      useValue: new RunCommands({ ...core, ...plugged, models: core.models.catalogue }),
    },
    { provide: RunBodies, useValue: bodies },
    { provide: Models, useValue: core.models },
    { provide: Agents, useValue: core.agents },
    { provide: AgentGallery, useValue: core.gallery },
    { provide: GuidanceSettings, useValue: core.guidance },
    { provide: Previews, useValue: core.previews },
    { provide: Screenshots, useValue: core.screenshots },
    { provide: ForeignTickets, useValue: parts.gateway.tickets },
    { provide: Terminals, useValue: core.terminals },
    { provide: Ides, useValue: core.ides },
    { provide: LiveWorkspaces, useValue: core.liveWorkspaces },
    { provide: Hooks, useValue: core.hooks },
    { provide: Intakes, useValue: core.intakes },
    { provide: Issues, useValue: new Issues(parts.plugins.exporters) },
    { provide: Destinations, useValue: new Destinations(parts.plugins, events) },
    { provide: CheckpointReading, useValue: new CheckpointReading(events, blobs) },
    { provide: LogSearch, useValue: new LogSearch(events, blobs) },
    { provide: HistoryReading, useValue: new HistoryReading(events, blobs) },
    { provide: PersonEdits, useValue: core.editing.edits },
    { provide: SharedFiles, useValue: core.editing.shared },
    { provide: WorkspaceLooking, useValue: core.editing.looking },
    { provide: BackupSource, useValue: core.storage.backup },
    { provide: StorageMeter, useValue: core.storage.meter },
    { provide: Cleaning, useValue: core.storage.cleaning },
    { provide: RunRemoval, useValue: core.storage.removal },
    { provide: TombstoneStore, useValue: core.storage.tombstones },
  ];
}
