package io.github.litestow.control;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * A fixed number of threads with one purpose, which they are named after; and the only class of
 * Litestow that makes any. They keep no process alive, end when they had nothing to do for a while,
 * and survive whatever their work throws, which is logged. Safe for concurrent use.
 */
public final class DaemonThreads implements Executor, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DaemonThreads.class);
    private static final Duration IDLE = Duration.ofSeconds(10);

    /** Longer than from one beat of a lease to the next. */
    private static final Duration CALLS_IDLE = Duration.ofSeconds(30);

    /**
     * Kept for a while, because libraries keep per thread what is dear to make: the AWS SDK its XML factory, which
     * looks through the whole class path, and its signer.
     */
    private static final ThreadPoolExecutor CALLS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            CALLS_IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            work -> daemon("call", work));

    private final ScheduledThreadPoolExecutor pool;

    /**
     * Makes no thread yet.
     *
     * @param purpose what the threads are for, as their name says it
     * @param most how many work at once; what comes then waits its turn
     */
    public DaemonThreads(String purpose, int most) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = work -> daemon(most == 1 ? purpose : purpose + " " + number.incrementAndGet(), work);
        pool = new ScheduledThreadPoolExecutor(most, factory, new ThreadPoolExecutor.DiscardPolicy());
        pool.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        pool.allowCoreThreadTimeOut(true);
        pool.setRemoveOnCancelPolicy(true);
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Has one of the threads do {@code work} as soon as it can; after {@link #close} nobody does. */
    @Override
    public void execute(Runnable work) {
        pool.execute(surviving(work));
    }

    /** Has one of the threads do {@code work} after {@code pause}, unless the returned is closed before. */
    public Held after(Duration pause, Runnable work) {
        return cancelling(pool.schedule(surviving(work), pause.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Has the threads do {@code work} after {@code pause}, and again and again, until the returned is closed. */
    public Held every(Duration pause, Runnable work) {
        return cancelling(
                pool.scheduleWithFixedDelay(surviving(work), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Begins nothing any more; what works goes on to its end. */
    @Override
    public void close() {
        pool.shutdown();
    }

    /** Returns whether it was closed, so that nothing begins any more. */
    public boolean closed() {
        return pool.isShutdown();
    }

    /**
     * Does {@code work} on a thread of its own: for what would wait for ever behind other work, or let
     * that wait. The caller bounds how many there are.
     */
    public static void start(String name, Runnable work) {
        daemon(name, surviving(work)).start();
    }

    /**
     * Waits for a call on a thread that does nothing else meanwhile, and is interrupted when it takes too long.
     * One that does not heed that goes on alone.
     *
     * @param name of the thread meanwhile
     * @throws ExecutionException what the call threw
     * @throws TimeoutException when it takes longer than {@code limit}
     */
    public static <T> T within(Duration limit, String name, Callable<T> call)
            throws ExecutionException, InterruptedException, TimeoutException {
        FutureTask<T> task = new FutureTask<>(() -> {
            Thread.currentThread().setName(name);
            return call.call();
        });
        CALLS.execute(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
        }
    }

    /**
     * Returns whether the end of this process has begun, by a signal for example: it is then too late for a hook,
     * and nobody stops what begins now.
     */
    public static boolean processEnds() {
        Thread hook = daemon("never started", () -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static Held cancelling(ScheduledFuture<?> scheduled) {
        return () -> scheduled.cancel(false);
    }

    /** An executor would keep the exception to itself, and never repeat what threw one. */
    private static Runnable surviving(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                LOG.errorf(
                        e, "defect in the thread `%s`", Thread.currentThread().getName());
            }
        };
    }
}
