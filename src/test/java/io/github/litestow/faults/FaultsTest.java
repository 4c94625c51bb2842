package io.github.litestow.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No row that a writer was told is committed is lost, and every fault ends as promised. All kinds
 * with more trials: {@code bench/faults}; the figures: {@code docs/reliability.md}.
 */
class FaultsTest {
    private static final long SEED = 1;

    static Stream<String> kinds() {
        return Kinds.all().stream().filter(kind -> kind.inBuild() > 0).map(Kind::name);
    }

    @Timeout(180)
    @ParameterizedTest
    @MethodSource("kinds")
    void loses_nothing_and_ends_as_promised(String name) throws InterruptedException {
        Kind kind = Kinds.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        List<Trial> trials = kind.trials(SEED, kind.inBuild());
        assertThat(trials.stream().flatMap(trial -> trial.broken().stream())).isEmpty();
        assertThat(trials.stream().mapToInt(Trial::lost).sum()).isZero();
        assertThat(trials.stream().mapToInt(Trial::acknowledged).sum()).isPositive();
    }
}
