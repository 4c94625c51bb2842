package io.github.litestow.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request for a restore may say. */
class RestoreOrderTest {
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new Jdk8Module());

    @Test
    void a_database_is_brought_back_in_its_place_when_that_is_said() {
        assertThat(RestoreOrder.read(JSON, "{\"inPlace\": true}").inPlace()).isTrue();
        assertThat(RestoreOrder.read(JSON, "{}").inPlace()).isFalse();
        assertThat(RestoreOrder.read(JSON, null).inPlace()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"inPlace\": 0}", "{\"inPlace\": \"true\"}", "{\"inPlace\": null}", "[]", "{} {}"})
    void what_only_looks_like_an_order_is_refused(String body) {
        assertThatThrownBy(() -> RestoreOrder.read(JSON, body)).isInstanceOf(Refused.class);
    }
}
