package io.github.litestow.notify;

import io.github.litestow.config.NotifyTarget;
import io.github.litestow.outcome.Failure;
import java.net.URI;
import java.util.Optional;

/** A receiver on the web. Safe for concurrent use. */
final class WebChannel implements Channel {
    private final NotifyTarget target;
    private final String id;
    private final String name;
    private final WebFormat format;
    private final WebCalls calls;

    WebChannel(NotifyTarget target, String id, String name, WebFormat format, WebCalls calls) {
        this.target = target;
        this.id = id;
        this.name = name;
        this.format = format;
        this.calls = calls;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void send(Message message) throws Failure {
        Optional<String> userInfo =
                Optional.ofNullable(URI.create(target.address()).getUserInfo());
        calls.post(WebFormat.address(target), format.body(target, message), userInfo);
    }
}
