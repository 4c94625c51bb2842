package io.github.litestow.notify;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.litestow.config.NotifyTarget;
import io.quarkus.mailer.Mailer;
import jakarta.enterprise.inject.Instance;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Makes the channels of the settings. */
final class Channels {
    private static final int ID_LENGTH = 12;

    private Channels() {}

    /** Returns a channel for each target, none of which is called yet; each call ends within {@code limit}. */
    static List<Channel> of(List<NotifyTarget> targets, ObjectMapper json, Instance<Mailer> mailer, Duration limit) {
        WebCalls calls = new WebCalls(limit);
        WebFormat format = new WebFormat(json);
        Map<NotifyTarget.Kind, Integer> seen = new HashMap<>();
        List<Channel> channels = new ArrayList<>();
        for (NotifyTarget target : targets) {
            int number = seen.merge(target.kind(), 1, Integer::sum);
            String name = target.kind().label() + (number > 1 ? "-" + number : "");
            Channel.Receiver receiver = target.kind() == NotifyTarget.Kind.MAIL
                    ? new MailReceiver(target, mailer, limit)
                    : new WebReceiver(target, format, calls);
            channels.add(new Channel(id(target), name, receiver));
        }
        return channels;
    }

    /** Says which it is, over restarts and other orders, and not where. */
    private static String id(NotifyTarget target) {
        try {
            byte[] text = (target.kind().label() + "+" + target.address()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text))
                    .substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
