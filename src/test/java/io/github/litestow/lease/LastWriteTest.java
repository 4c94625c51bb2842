package io.github.litestow.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.litestow.store.ReplicaStore;
import io.github.litestow.store.StoredObject;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LastWriteTest {
    private static final String KEY = "litestow/lease.json";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_store_that_refuses_is_relied_on_and_the_object_is_what_was_written() throws Exception {
        MemoryStore.Shared shared = new MemoryStore.Shared(new Random(1));
        shared.recover();
        MemoryStore store = new MemoryStore(shared, "");
        store.create(KEY, bytes("first"));
        LastWrite last = new LastWrite(store, KEY);
        assertThat(last.conditionsHold()).isFalse();
        last.replace(bytes("second"), store.read(KEY).orElseThrow().version());

        last.tryCondition();

        assertThat(last.conditionsHold()).isTrue();
        StoredObject there = store.read(KEY).orElseThrow();
        assertThat(there.body()).isEqualTo(bytes("second"));
        assertThat(last.version()).contains(there.version());
    }

    @Test
    void a_store_that_passes_over_conditions_is_looked_at_before_each_write() throws Exception {
        LastWrite last = new LastWrite(unconditional(), KEY);
        last.replace(bytes("second"), "v1");

        last.tryCondition();

        assertThat(last.version()).isPresent();
        assertThat(last.conditionsHold()).isFalse();
    }

    /** Takes every write, whatever its condition says. */
    private static ReplicaStore unconditional() {
        return (ReplicaStore) Proxy.newProxyInstance(
                ReplicaStore.class.getClassLoader(),
                new Class<?>[] {ReplicaStore.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("replace");
                    if (arguments.length == 4) {
                        @SuppressWarnings("unchecked")
                        Consumer<String> now = (Consumer<String>) arguments[3];
                        now.accept("v2");
                    }
                    return true;
                });
    }
}
