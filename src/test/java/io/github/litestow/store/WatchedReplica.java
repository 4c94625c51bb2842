package io.github.litestow.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.store.file.FileStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A replica in a folder, with something else happening just before an object of ours is read. */
public final class WatchedReplica {

    private WatchedReplica() {}

    private interface Call {
        Object make() throws Throwable;
    }

    private interface Around {
        Object call(String method, Object[] arguments, Call call) throws Throwable;
    }

    private static Replica replica(String url, ObjectMapper json, ReplicaStore real, Around around) {
        Object watched = Proxy.newProxyInstance(
                ReplicaStore.class.getClassLoader(),
                new Class<?>[] {ReplicaStore.class},
                (proxy, method, arguments) -> around.call(method.getName(), arguments, () -> {
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
        return new Replica(url, (ReplicaStore) watched, json);
    }

    /** The replica of a database whose store is as far ahead as the host's clock. */
    public static Replica later(ConfiguredDatabase database, Litestream engine, ObjectMapper json, Duration by) {
        ReplicaStore real = StorageSchemes.scheme(database).store(database, engine);
        return replica(database.replica().url(), json, real, (method, arguments, call) -> {
            Object answer = call.make();
            return method.equals("time") ? ((Optional<?>) answer).map(time -> ((Instant) time).plus(by)) : answer;
        });
    }

    /** The replica of a folder, with something else happening right before and after a file of the engine's is put there. */
    public static Replica putting(
            Path folder, ObjectMapper json, Consumer<ReplicaFile> before, Consumer<ReplicaFile> after) {
        return replica("file://" + folder, json, new FileStore(folder), (method, arguments, call) -> {
            boolean put = method.equals("create") && arguments[0] instanceof ReplicaFile;
            if (put) {
                before.accept((ReplicaFile) arguments[0]);
            }
            Object answer = call.make();
            if (put) {
                after.accept((ReplicaFile) arguments[0]);
            }
            return answer;
        });
    }

    /** As {@link #putting}, and something else happens right before one of the engine's files is read. */
    public static Replica reading(
            Path folder, ObjectMapper json, Consumer<ReplicaFile> put, Consumer<ReplicaFile> read) {
        ReplicaStore real = putting(folder, json, file -> {}, put).store();
        return replica("file://" + folder, json, real, (method, arguments, call) -> {
            if (method.equals("readRange")) {
                read.accept((ReplicaFile) arguments[0]);
            }
            return call.make();
        });
    }

    public static Replica of(Path folder, ObjectMapper json, Consumer<String> beforeRead) {
        return replica("file://" + folder, json, new FileStore(folder), (method, arguments, call) -> {
            if (method.equals("read")) {
                beforeRead.accept((String) arguments[0]);
            }
            return call.make();
        });
    }
}
