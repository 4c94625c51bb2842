package io.github.litestow.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.outcome.Failure;
import io.github.litestow.store.file.FileStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A replica in a folder, with something else happening just before an object of ours is read. */
public final class WatchedReplica {

    private WatchedReplica() {}

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
