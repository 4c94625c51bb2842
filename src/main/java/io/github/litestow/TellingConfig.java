package io.github.litestow;

import io.github.litestow.config.NotifyEvents;
import io.github.litestow.config.NotifyRules;
import io.github.litestow.config.Rules;
import io.github.litestow.config.Secret;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The settings of who is told of what happens, as groups of {@link LitestowConfig}. */
public interface TellingConfig {

    /** Whom the service tells. */
    interface Notify {
        /** Returns the addresses of those who are told. */
        @WithConverter(NotifyRules.Urls.class)
        Optional<Secret> urls();

        /** Returns the content of the file that holds the addresses. */
        @WithConverter(NotifyRules.UrlsFile.class)
        Optional<Secret> urlsFile();

        /** Returns what they are told of. */
        @WithDefault("failure,recovery,stale,proof-overdue,refused")
        @WithConverter(NotifyRules.Events.class)
        NotifyEvents on();

        /** Returns after which time they are told again of what is still so; empty when it is {@code off}. */
        @WithDefault("P1D")
        @WithConverter(Rules.PositiveOrOff.class)
        Optional<Duration> remind();
    }

    /** Who misses the service when it is silent. */
    interface Heartbeat {
        /** Returns what is called when a run begins, succeeds or fails. */
        @WithConverter(NotifyRules.HeartbeatUrl.class)
        Optional<Secret> url();

        /** Returns the content of the file that holds the address. */
        @WithConverter(NotifyRules.HeartbeatUrlFile.class)
        Optional<Secret> urlFile();
    }

    /** Commands around runs. */
    interface Hook {
        /** Returns the command that runs before each snapshot, which is skipped when it fails. */
        @WithConverter(NotifyRules.HookCommand.class)
        Optional<String> before();

        /** Returns the command that runs after each run. */
        @WithConverter(NotifyRules.HookCommand.class)
        Optional<String> after();

        /** Returns the deadline of each of the two. */
        @WithDefault("PT1M")
        @WithConverter(Rules.Positive.class)
        Duration timeout();
    }
}
