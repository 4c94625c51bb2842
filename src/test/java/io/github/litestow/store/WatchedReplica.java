package io.github.litestow.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.ConfiguredDatabase;
import io.github.litestow.engine.Litestream;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.ReplicaFile;
import io.github.litestow.store.file.FileStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** A replica in a folder, with something else happening just before an object of ours is read. */
public final class WatchedReplica {

    private WatchedReplica() {}

    /** The replica of a database whose store is as far ahead as the host's clock. */
    public static Replica later(ConfiguredDatabase database, Litestream engine, ObjectMapper json, Duration by) {
        ReplicaStore real = StorageSchemes.scheme(database).store(database, engine);
        return replica(
                database.replica().url(),
                json,
                real,
                (method, answer) ->
                        method.equals("time") ? ((Optional<?>) answer).map(time -> ((Instant) time).plus(by)) : answer);
    }

    private static Replica replica(
            String url, ObjectMapper json, ReplicaStore real, BiFunction<String, Object, Object> change) {
        Object watched = Proxy.newProxyInstance(
                ReplicaStore.class.getClassLoader(),
                new Class<?>[] {ReplicaStore.class},
                (proxy, method, arguments) -> {
                    try {
                        return change.apply(method.getName(), method.invoke(real, arguments));
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof Failure failure) {
                            throw failure;
                        }
                        throw e;
                    }
                });
        return new Replica(url, (ReplicaStore) watched, json);
    }

    /** The replica of a folder, with something else happening right before and after a file of the engine's is put there. */
    public static Replica putting(
            Path folder, ObjectMapper json, Consumer<ReplicaFile> before, Consumer<ReplicaFile> after) {
        ReplicaStore real = new FileStore(folder);
        Object watched = Proxy.newProxyInstance(
                ReplicaStore.class.getClassLoader(),
                new Class<?>[] {ReplicaStore.class},
                (proxy, method, arguments) -> {
                    boolean put = method.getName().equals("create") && arguments[0] instanceof ReplicaFile;
                    try {
                        if (put) {
                            before.accept((ReplicaFile) arguments[0]);
                        }
                        Object answer = method.invoke(real, arguments);
                        if (put) {
                            after.accept((ReplicaFile) arguments[0]);
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof Failure failure) {
                            throw failure;
                        }
                        throw e;
                    }
                });
        return new Replica("file://" + folder, (ReplicaStore) watched, json);
    }

    /** As {@link #putting}, and something else happens right before one of the engine's files is read. */
    public static Replica reading(
            Path folder, ObjectMapper json, Consumer<ReplicaFile> put, Consumer<ReplicaFile> read) {
        ReplicaStore real = putting(folder, json, file -> {}, put).store();
        Object watched = Proxy.newProxyInstance(
                ReplicaStore.class.getClassLoader(),
                new Class<?>[] {ReplicaStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("readRange")) {
                        read.accept((ReplicaFile) arguments[0]);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof Failure failure) {
                            throw failure;
                        }
                        throw e;
                    }
                });
        return new Replica("file://" + folder, (ReplicaStore) watched, json);
    }

    public static Replica of(Path folder, ObjectMapper json, Consumer<String> beforeRead) {
        ReplicaStore real = new FileStore(folder);
        Object watched = Proxy.newProxyInstance(
                ReplicaStore.class.getClassLoader(),
                new Class<?>[] {ReplicaStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        beforeRead.accept((String) arguments[0]);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof Failure failure) {
                            throw failure;
                        }
                        throw e;
                    }
                });
        return new Replica("file://" + folder, (ReplicaStore) watched, json);
    }
}
