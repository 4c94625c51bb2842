package io.github.litestow.config;

import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules between secrets: which of them exclude each other, and which belong together. */
final class SecretPairs {
    private static final String ID = "access-key-id";
    private static final String SECRET = "secret-access-key";
    private static final String TOKEN = "session-token";

    private final SmallRyeConfig config;

    SecretPairs(SmallRyeConfig config) {
        this.config = config;
    }

    /** Returns the mistakes in the S3 keys of a database: both or none, and a session token only with them. */
    List<Failure> mistakes(String prefix) {
        List<Failure> mistakes = new ArrayList<>();
        for (String secret : List.of(ID, SECRET, TOKEN, "heartbeat.url")) {
            refuseBoth(prefix, secret).ifPresent(mistakes::add);
        }
        Optional<ConfiguredValue> id = given(prefix, ID);
        Optional<ConfiguredValue> secret = given(prefix, SECRET);
        if (id.isPresent() != secret.isPresent()) {
            String missing = variable(id.isPresent() ? SECRET : ID);
            mistakes.add(id.or(() -> secret).orElseThrow().refuse("it is set, but " + missing + " is not"));
        }
        given(prefix, TOKEN)
                .filter(token -> id.isEmpty() && secret.isEmpty())
                .map(token -> token.refuse("it is set, but the keys it belongs to, " + variable(ID) + " and "
                        + variable(SECRET) + ", are not"))
                .ifPresent(mistakes::add);
        return mistakes;
    }

    /** Refuses a secret that is set both by itself and by a file. */
    Optional<Failure> refuseBoth(String prefix, String secret) {
        Optional<ConfiguredValue> value = ConfiguredValue.given(config, prefix + secret, "");
        Optional<ConfiguredValue> file = ConfiguredValue.given(config, prefix + secret + "-file", "");
        return value.isPresent() && file.isPresent()
                ? Optional.of(new Failure(
                        FailureKind.SETTINGS,
                        value.get().origin() + " and " + file.get().origin() + ": both are set; accepted: one of them",
                        "Remove one of the two."))
                : Optional.empty();
    }

    private Optional<ConfiguredValue> given(String prefix, String secret) {
        String accepted = "the S3 access key id and the secret access key, both or none";
        return ConfiguredValue.given(config, prefix + secret, accepted)
                .or(() -> ConfiguredValue.given(config, prefix + secret + "-file", accepted));
    }

    private static String variable(String name) {
        return SettingNames.environmentName(SettingNames.topLevel(name));
    }
}
