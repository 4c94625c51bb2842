package io.github.litestow.config;

import static io.github.litestow.config.ConfiguredValue.quoted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a shard may be. */
public final class ShardRules {
    private ShardRules() {}

    /** A number of a number, or {@code auto} of one: then the pod's own name says which. */
    public static final class Rule extends Rules.Rule<Shard> {
        private static final Pattern SHARD = Pattern.compile("(auto|\\d{1,4})/(\\d{1,4})");
        /** How Kubernetes names the pods of a StatefulSet. */
        private static final Pattern POD = Pattern.compile("([a-z0-9.-]+)-(\\d{1,4})");

        private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

        /** As SmallRye makes it. */
        public Rule() {
            super("a number and how many there are, from 0/8 to 7/8, or auto/8 in a pod of a StatefulSet");
        }

        @Override
        public Shard convert(String text) {
            return convert(text, hostName());
        }

        /** As {@link #convert(String)} on a host of this name. */
        Shard convert(String text, String host) {
            Matcher shard = SHARD.matcher(text);
            refuseIf(!shard.matches(), quoted(text) + " is not a shard");
            int count = Integer.parseInt(shard.group(2));
            refuseIf(count == 0, quoted(text) + " names no shard");
            boolean auto = shard.group(1).equals("auto");
            Matcher pod = POD.matcher(host);
            refuseIf(
                    auto && !pod.matches(),
                    quoted(text)
                            + " needs a host name that ends in -NUMBER, as the pods of a StatefulSet have, and this"
                            + " host is called " + quoted(host));
            int index = Integer.parseInt(auto ? pod.group(2) : shard.group(1));
            refuseIf(
                    index >= count,
                    (auto ? quoted(text) + " on host " + quoted(host) : quoted(text)) + " is shard " + index + " of "
                            + count + ", and they are counted from 0");
            return new Shard(index, count);
        }

        /** Java knows no other way to the host's name that asks no name server. */
        private static String hostName() {
            try {
                return Files.readString(HOST_NAME).strip();
            } catch (IOException e) {
                return "";
            }
        }
    }
}
