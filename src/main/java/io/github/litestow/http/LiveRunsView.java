package io.github.litestow.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The runs that work now, as an event tells them. */
@RegisterForReflection
@Schema(name = "LiveRuns", description = "The data of the event `runs`: the runs that work now")
record LiveRunsView(@Schema(required = true) List<Live> runs) {

    /** One of them. */
    @RegisterForReflection
    @Schema(name = "LiveRun")
    record Live(
            @JsonUnwrapped RunView run,

            @Schema(required = true, description = "How fast it goes and how long the rest takes; empty while unknown")
            String pace) {}
}
