package io.github.litestow.packaged;

import static io.github.litestow.packaged.PackagedProgram.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.github.litestow.application.Sample;
import io.github.litestow.notify.Receiver;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The packaged program tells web servers and a mail server of a failure and of its end. */
class ToldIT {
    @RegisterExtension
    final PackagedProgram litestow = new PackagedProgram();

    private final Receiver receiver = new Receiver();
    private final Receiver hanging = new Receiver();
    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void receivers() throws IOException {
        mail.start();
        hanging.hang();
        Path urls = Files.writeString(
                litestow.root().resolve("urls"),
                hanging.address() + "/hush\nntfy+" + receiver.address().replace("//", "//:hush@") + "/topic\n"
                        + "mailto:ops@example.com,me@example.com\n");
        litestow.env("LITESTOW_NOTIFY_URLS_FILE", urls.toString())
                .env("LITESTOW_NOTIFY_ON", "failure,recovery")
                .env("LITESTOW_HEARTBEAT_URL", receiver.address() + "/ping/hush")
                .env("LITESTOW_HOOK_AFTER", "echo $LITESTOW_OUTCOME $LITESTOW_KIND >> after")
                .env("LITESTOW_SNAPSHOT_DELETE_LOCAL", "false")
                // After this time without a word from the replica its slots are used.
                .env("LITESTOW_LEASE_TIME", "PT6S")
                .env("QUARKUS_MAILER_FROM", "litestow@example.com")
                .env("QUARKUS_MAILER_HOST", "127.0.0.1")
                .env("QUARKUS_MAILER_PORT", Integer.toString(mail.getSmtp().getPort()))
                .env("QUARKUS_MAILER_TLS", "false")
                .env("QUARKUS_MAILER_START_TLS", "DISABLED");
        Sample.add(litestow.database(), 10);
    }

    @AfterEach
    void end() {
        mail.stop();
        receiver.close();
        hanging.close();
    }

    private String subjects() throws Exception {
        StringBuilder subjects = new StringBuilder();
        for (MimeMessage message : mail.getReceivedMessages()) {
            subjects.append(message.getSubject()).append('\n');
        }
        return subjects.toString();
    }

    @Test
    void a_failure_and_its_end_reach_everybody_and_a_receiver_that_hangs_delays_no_run() throws Exception {
        Path place = litestow.root().resolve("replica");
        Files.createFile(place);
        litestow.env("REPLICA_URL", "file://" + place).env("LITESTOW_SNAPSHOT_CRON", "* * * * * ?");

        Service service = litestow.serve().awaitOpen().awaitRuns("snapshot", "failed", 2);
        patiently().until(() -> subjects().contains("a run failed"));
        patiently().until(() -> receiver.targets().contains("POST /ping/hush/fail"));
        Files.delete(place);
        service.awaitRuns("snapshot", "snapshotted", 1);
        patiently().until(() -> subjects().contains("all well again"));
        patiently().until(() -> receiver.targets().contains("POST /ping/hush"));
        patiently()
                .until(() -> Files.readString(litestow.work().resolve("after")).contains("snapshotted"));

        assertThat(mail.getReceivedMessages()[0].getFrom()[0]).hasToString("litestow@example.com");
        assertThat(GreenMailUtil.getBody(mail.getReceivedMessages()[0])).contains("last proven: ");
        assertThat(receiver.calls())
                .filteredOn(call -> call.target().equals("/"))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(call -> call.authorization().equals("Bearer hush"));
        assertThat(service.metrics())
                .contains("litestow_notifications_total{channel=\"mail\",outcome=\"delivered\"}")
                .doesNotContain("litestow_notifications_total{channel=\"mail\",outcome=\"delivered\"} 0.0");
        Ended ended = service.terminate();
        assertThat(ended.err()).contains("https cannot be told").doesNotContain("hush");
        assertThat(litestow.run("config").with(0).out()).doesNotContain("hush");
    }

    @Test
    void a_command_waits_for_what_follows_its_run() throws Exception {
        litestow.env("LITESTOW_HOOK_AFTER", "sleep 1; echo $LITESTOW_OUTCOME >> after");

        assertThat(litestow.run("snapshot").with(0).err()).doesNotContain("HOOK");

        assertThat(litestow.work().resolve("after")).hasContent("snapshotted");
    }
}
