package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BoundedOutputTest {

    @Test
    void keeps_all_of_what_fits() {
        BoundedOutput output = filled(4, 4, "12345678");
        assertThat(output.text()).isEqualTo("12345678");
        assertThat(output.truncated()).isFalse();
    }

    @Test
    void keeps_head_and_tail_of_what_does_not_and_says_so() {
        BoundedOutput output = filled(4, 4, "1234" + "x".repeat(20_000) + "5678");
        assertThat(output.text()).isEqualTo("1234\n[20000 bytes left out]\n5678");
        assertThat(output.truncated()).isTrue();
    }

    private static BoundedOutput filled(int head, int tail, String text) {
        BoundedOutput output = new BoundedOutput(head, tail);
        output.drain(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        return output;
    }
}
