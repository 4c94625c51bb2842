package io.github.litestow.cli;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.discovery.Discovery;
import io.github.litestow.report.StatusService;
import io.github.litestow.run.Databases;
import io.github.litestow.run.EngineNotice;
import io.github.litestow.run.LaunchMode;
import io.github.litestow.run.compare.Looks;
import io.github.litestow.run.mark.Marks;
import io.github.litestow.run.prune.Prunes;
import io.github.litestow.run.restore.Restores;
import io.github.litestow.run.restore.Rollbacks;
import io.github.litestow.run.snapshot.Snapshots;
import io.github.litestow.shard.Shards;
import java.time.Clock;

/**
 * What commands work with.
 *
 * @param databases every known database
 * @param discovery finds those of groups
 * @param snapshots runs snapshots and verifications
 * @param restores runs restores
 * @param prunes prunes replicas
 * @param marks labels and pins restore points
 * @param rollbacks puts an older point in the database's place
 * @param looks looks into restore points
 * @param status the state of each database
 * @param shards which service has which databases
 * @param settings of the service as a whole
 * @param launchMode how this process was started
 * @param engine which engine there is
 * @param clock the time of day
 * @param output where answers go
 */
record CommandContext(
        Databases databases,
        Discovery discovery,
        Snapshots snapshots,
        Restores restores,
        Prunes prunes,
        Marks marks,
        Rollbacks rollbacks,
        Looks looks,
        StatusService status,
        Shards shards,
        ConfiguredService settings,
        LaunchMode launchMode,
        EngineNotice engine,
        Clock clock,
        Output output) {}
