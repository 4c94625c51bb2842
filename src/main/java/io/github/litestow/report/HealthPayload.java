package io.github.litestow.report;

import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** The state of a database as the data of a health check, whose keys are part of the outside contract. */
final class HealthPayload {

    private HealthPayload() {}

    /** The counts by state, and the worst by name; of all databases of the service. */
    static HealthCheckResponse of(String name, FleetStatus fleet, boolean up) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(up);
        response.withData("databases", fleet.total());
        fleet.states().forEach((state, count) -> response.withData(state.label(), count));
        response.withData("offloaded", fleet.offloaded());
        response.withData("failing", fleet.failing());
        response.withData("unprotected", fleet.unprotected().size());
        if (fleet.alarming() > fleet.unprotected().size()) {
            response.withData(
                    "worst",
                    fleet.worst().stream().map(one -> one.backup().database()).collect(Collectors.joining(", ")));
        }
        return response.build();
    }

    static HealthCheckResponse of(String name, DatabaseStatus status, boolean up) {
        BackupStatus backup = status.backup();
        HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(up);
        response.withData("state", backup.state().label());
        backup.lastSuccess().ifPresent(time -> response.withData("lastSuccess", time.toString()));
        backup.ageSeconds().ifPresent(seconds -> response.withData("ageSeconds", seconds));
        backup.maxAgeSeconds().ifPresent(seconds -> response.withData("maxAgeSeconds", seconds));
        backup.lastRestorePoint().ifPresent(point -> response.withData("lastRestorePoint", point.txid()));
        backup.lastProven().ifPresent(point -> response.withData("lastProven", point.txid()));
        backup.provenAgeSeconds().ifPresent(seconds -> response.withData("lastProvenAgeSeconds", seconds));
        status.lastFailure()
                .ifPresent(failure -> response.withData(
                        "lastFailure",
                        failure.kind().label() + " at " + failure.time() + ": "
                                + failure.operation().label() + ", " + failure.step()));
        status.unlocked().ifPresent(words -> response.withData("objectLock", words));
        response.withData("warnings", status.warnings().size());
        backup.nextRun().ifPresent(time -> response.withData("nextRun", time.toString()));
        response.withData("offloaded", backup.offloaded());
        return response.build();
    }
}
