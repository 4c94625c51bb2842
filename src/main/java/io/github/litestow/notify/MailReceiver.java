package io.github.litestow.notify;

import io.github.litestow.config.NotifyTarget;
import io.github.litestow.control.DaemonThreads;
import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import io.github.litestow.outcome.TimeText;
import io.quarkus.mailer.Mail;
import io.quarkus.mailer.Mailer;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Mail, sent by Quarkus' mailer with its own settings. Safe for concurrent use. */
final class MailReceiver implements Channel.Receiver {
    private final NotifyTarget target;
    private final Instance<Mailer> mailer;
    private final Duration limit;

    MailReceiver(NotifyTarget target, Instance<Mailer> mailer, Duration limit) {
        this.target = target;
        this.mailer = mailer;
        this.limit = limit;
    }

    @Override
    public void send(Message message) throws Failure {
        Mail mail = new Mail()
                .setTo(List.of(target.address().split(",", -1)))
                .setSubject("Litestow: " + message.title())
                .setText(message.text() + "\n");
        try {
            // A mail server that hangs keeps a thread of its own, and nobody else's.
            DaemonThreads.within(limit, "mail", () -> {
                mailer.get().send(mail);
                return mail;
            });
        } catch (ExecutionException e) {
            Exception why = e.getCause() instanceof Exception known ? known : e;
            throw new Failure(FailureKind.REPLICA_UNREACHABLE, ErrorText.of(why), "See QUARKUS_MAILER_HOST.");
        } catch (TimeoutException e) {
            throw new Failure(
                    FailureKind.TIMEOUT,
                    "the mail server did not answer within " + TimeText.limit(limit),
                    "See QUARKUS_MAILER_HOST.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(FailureKind.BUSY, "stopped while it waited", "It is tried again.");
        }
    }
}
