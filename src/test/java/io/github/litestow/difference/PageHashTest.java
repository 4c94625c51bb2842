package io.github.litestow.difference;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages are told apart by their hashes, and by nobody's who does not have the key. */
class PageHashTest {
    private static final PageKey KEY = PageKey.of(new byte[PageKey.BYTES]);

    private static byte[] page(int size) {
        byte[] page = new byte[size];
        new Random(size).nextBytes(page);
        return page;
    }

    private static byte[] hash(byte[] page) {
        return new PageHash(KEY, page.length).of(2, page, 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096, 65536})
    void is_what_its_definition_says(int size) {
        byte[] page = page(size);
        int[] key = KEY.words(size / 4 + 6);
        ByteBuffer numbers = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer sums = ByteBuffer.allocate(32);
        for (int time = 0; time < 4; time++) {
            BigInteger sum = BigInteger.ZERO;
            for (int i = 0; i < size / 4; i += 2) {
                sum = sum.add(BigInteger.valueOf(Integer.toUnsignedLong(numbers.getInt(4 * i) + key[i + 2 * time]))
                        .multiply(BigInteger.valueOf(
                                Integer.toUnsignedLong(numbers.getInt(4 * i + 4) + key[i + 1 + 2 * time]))));
            }
            sums.putLong(sum.longValue());
        }
        assertThat(hash(page)).isEqualTo(Arrays.copyOf(PageHash.sha256().digest(sums.array()), 16));
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void one_bit_anywhere_makes_another(int size) {
        byte[] page = page(size);
        byte[] before = hash(page);
        for (int bit = 0; bit < 8 * size; bit++) {
            page[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(hash(page)).as("bit %d", bit).isNotEqualTo(before);
            page[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(hash(page)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {512, 4096})
    void another_key_makes_another_and_the_same_the_same_wherever_the_page_is(int size) {
        byte[] page = page(size);
        byte[] further = new byte[3 * size];
        System.arraycopy(page, 0, further, 1, size);
        assertThat(new PageHash(KEY, size).of(7, further, 1)).isEqualTo(hash(page));
        assertThat(new PageHash(PageKey.random(), size).of(2, page, 0)).isNotEqualTo(hash(page));
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 19, 24, 27, 92, 99})
    void what_says_nothing_of_the_content_is_left_out_of_page_1_only(int at) {
        byte[] page = page(4096);
        PageHash hash = new PageHash(KEY, page.length);
        byte[] first = hash.of(1, page, 0);
        byte[] second = hash.of(2, page, 0);
        page[at]++;
        assertThat(hash.of(1, page, 0)).isEqualTo(first);
        assertThat(hash.of(2, page, 0)).isNotEqualTo(second);
    }
}
