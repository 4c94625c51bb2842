package io.github.litestow.notify;

import io.github.litestow.config.NotifyTarget;
import io.github.litestow.outcome.Failure;
import java.net.URI;
import java.util.Optional;

/** A receiver on the web. Safe for concurrent use. */
final class WebReceiver implements Channel.Receiver {
    private final NotifyTarget target;
    private final WebFormat format;
    private final WebCalls calls;

    WebReceiver(NotifyTarget target, WebFormat format, WebCalls calls) {
        this.target = target;
        this.format = format;
        this.calls = calls;
    }

    @Override
    public void send(Message message) throws Failure {
        Optional<String> userInfo =
                Optional.ofNullable(URI.create(target.address()).getUserInfo());
        calls.post(WebFormat.address(target), format.body(target, message), userInfo);
    }
}
