package io.github.litestow.report;

import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Writes a database's status into a health response. */
final class HealthPayload {

    private HealthPayload() {}

    static HealthCheckResponse of(DatabaseStatus status, boolean up) {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("database " + status.database()).status(up);
        status.lastSuccess().ifPresent(time -> response.withData("lastSuccess", time.toString()));
        status.ageSeconds().ifPresent(seconds -> response.withData("ageSeconds", seconds));
        status.maxAgeSeconds().ifPresent(seconds -> response.withData("maxAgeSeconds", seconds));
        status.lastRestorePoint().ifPresent(point -> response.withData("lastRestorePoint", point.txid()));
        status.lastProven().ifPresent(point -> response.withData("lastProven", point.txid()));
        status.provenAgeSeconds().ifPresent(seconds -> response.withData("lastProvenAgeSeconds", seconds));
        status.lastFailure()
                .ifPresent(failure -> response.withData(
                        "lastFailure",
                        failure.kind() + " at " + failure.time() + ": "
                                + failure.operation().label() + ", " + failure.step()));
        response.withData("warnings", status.warnings().size());
        status.nextRun().ifPresent(time -> response.withData("nextRun", time.toString()));
        response.withData("offloaded", status.offloaded());
        return response.build();
    }
}
