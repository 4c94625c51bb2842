package io.github.litestow.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One kind of fault.
 *
 * @param name what happens
 * @param promised what comes of it
 * @param inBuild trials in every build; 0 for none
 * @param inBench trials in {@code bench/faults}
 * @param body one trial
 * @param privileged whether it takes root: mounts, dropped capabilities
 */
public record Kind(String name, String promised, int inBuild, int inBench, Body body, boolean privileged) {

    Kind(String name, String promised, int inBuild, int inBench, Body body) {
        this(name, promised, inBuild, inBench, body, false);
    }

    /** Returns the same for root only. */
    Kind asRoot() {
        return new Kind(name, promised, inBuild, inBench, body, true);
    }

    /** One trial; {@code index} counts them, so that cases take turns. */
    public interface Body {
        /** Breaks something in this world and says what of its promises was not kept. */
        void run(World world, Random random, int index) throws Exception;
    }

    /** Runs one trial in a folder of its own; what it breaks is in the result, not thrown. */
    public Trial trial(long seed, int index) {
        Random random = new Random(seed * 1_000_003 + index * 7919L + name.hashCode());
        List<String> broken = new ArrayList<>();
        Trial trial = new Trial(0, 0, Duration.ZERO, List.of(), broken);
        try (World world = new World()) {
            try {
                body.run(world, random, index);
            } catch (Exception | AssertionError | InternalError e) {
                broken.add(describe(e));
            }
            trial = world.result(broken);
        } catch (Exception e) {
            broken.add(describe(e));
        }
        return trial.kept() ? trial : trial.labelled("trial " + index + " of seed " + seed);
    }

    private static String describe(Throwable e) {
        List<String> where = new ArrayList<>(List.of(String.valueOf(e)));
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().startsWith("io.github.litestow") && where.size() < 6) {
                where.add(frame.toString());
            }
        }
        return String.join(" < ", where);
    }

    /** Runs trials, two at a time: most of each is waiting for processes to start and end. */
    List<Trial> trials(long seed, int count) throws InterruptedException {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Trial>> all = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                int which = index;
                all.add(() -> trial(seed, which));
            }
            List<Trial> trials = new ArrayList<>();
            for (Future<Trial> one : two.invokeAll(all)) {
                trials.add(one.get());
            }
            return trials;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a trial says what it breaks in its result", e);
        } finally {
            two.shutdownNow();
        }
    }
}
