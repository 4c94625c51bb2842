package io.github.litestow.http;

import io.github.litestow.config.ConfiguredService;
import io.github.litestow.config.Secret;
import io.github.litestow.outcome.FailureKind;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Lets a request pass that carries the token (RFC 6750). The comparison takes the same time for any text. */
@Provider
@NeedsToken
@Priority(Priorities.AUTHENTICATION)
public final class TokenGuard implements ContainerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final Instance<ConfiguredService> settings;

    /**
     * Compares with the token of {@code settings}, which are asked for when a request comes: Quarkus
     * makes filters before its configuration is complete, and what is read then lacks our reading of
     * {@code .env} and stays for everybody.
     */
    public TokenGuard(Instance<ConfiguredService> settings) {
        this.settings = settings;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Optional<Secret> token = settings.get().apiToken();
        if (token.isEmpty()) {
            throw new Refused(
                    Response.Status.FORBIDDEN,
                    FailureKind.REFUSED,
                    "Actions over HTTP are off. Set LITESTOW_API_TOKEN or LITESTOW_API_TOKEN_FILE to turn them on.");
        }
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        boolean bearer = header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        if (!bearer || !same(header.substring(SCHEME.length()), token.get())) {
            request.abortWith(Problems.unauthorized(bearer));
        }
    }

    private static boolean same(String shown, Secret token) {
        // A header's characters are bytes; the token is text.
        return MessageDigest.isEqual(
                shown.getBytes(StandardCharsets.ISO_8859_1), token.reveal().getBytes(StandardCharsets.UTF_8));
    }
}
