package io.github.litestow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The checksum is the engine's, however it is fed. */
class Crc64Test {
    @Test
    void the_check_value_of_the_catalogue_is_met() {
        Crc64 checksum = new Crc64();
        checksum.update("123456789".getBytes(StandardCharsets.US_ASCII));
        assertThat(checksum.getValue()).isEqualTo(0xB90956C775A41001L);
    }

    @Test
    void parts_of_any_length_make_the_same_as_octets() {
        byte[] bytes = new byte[1_000];
        Random random = new Random(1);
        random.nextBytes(bytes);
        Crc64 octets = new Crc64();
        for (byte octet : bytes) {
            octets.update(octet);
        }
        Crc64 parts = new Crc64();
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(random.nextInt(40), bytes.length - at);
            parts.update(bytes, at, length);
            at += length;
        }
        assertThat(parts.getValue()).isEqualTo(octets.getValue());
    }
}
