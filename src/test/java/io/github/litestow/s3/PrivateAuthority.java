package io.github.litestow.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate for loopback that no machine believes by itself, made by the JDK's own keytool.
 *
 * @param keyStore certificate and key, for a server
 * @param certificate the certificate alone in PEM form, for {@code SSL_CERT_FILE}
 */
public record PrivateAuthority(Path keyStore, Path certificate) {
    /** Of the key store. */
    public static final String PASSWORD = "changeit";

    /** Makes one in a folder. */
    public static PrivateAuthority in(Path folder) throws IOException, InterruptedException {
        Path keyStore = folder.resolve("server.p12");
        Path certificate = folder.resolve("server.pem");
        keytool(keyStore, "-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=IP:127.0.0.1");
        keytool(keyStore, "-exportcert", "-rfc", "-file", certificate.toString());
        return new PrivateAuthority(keyStore, certificate);
    }

    private static void keytool(Path keyStore, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", keyStore.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
