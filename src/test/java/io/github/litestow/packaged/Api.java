package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The service as a client of its HTTP interface sees it. */
final class Api {
    static final String TOKEN = "correct horse battery staple";
    static final String DATABASES = "/api/databases";
    static final String DATABASE = DATABASES + "/default";
    static final Map<String, String> WITH_TOKEN = Map.of("Authorization", "Bearer " + TOKEN);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI address;

    Api(Service service) {
        this.address = URI.create(service.address());
    }

    /** An answer, whose body is always JSON. */
    record Answer(HttpResponse<String> response) {
        /** Makes sure of the status, and of a problem where it is an error. */
        Answer with(int status) {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            if (status >= 400) {
                assertThat(header("Content-Type")).contains("application/problem+json");
                assertThat(json().path("status").asInt()).isEqualTo(status);
                assertThat(json().path("title").asText()).isNotEmpty();
                assertThat(json().path("detail").asText()).isNotEmpty();
            }
            return this;
        }

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + response.body(), e);
            }
        }

        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(address.resolve(path)));
    }

    /** Asks for an action, with an empty text for no body. */
    Answer post(String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .POST(body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return send(request);
    }

    /** Asks for an action with the token. */
    Answer begin(String action) {
        return post(DATABASE + "/" + action, WITH_TOKEN, "");
    }

    /** Returns a run as soon as it has ended. */
    JsonNode ended(Answer begun) {
        String url = begun.header("Location").orElseThrow();
        return PackagedProgram.patiently()
                .until(
                        () -> get(url).with(200).json(),
                        run -> run.path("state").asText().equals("ended"));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(
                    http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("nobody interrupts tests", e);
        }
    }
}
