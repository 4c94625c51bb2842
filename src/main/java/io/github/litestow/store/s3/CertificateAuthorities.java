package io.github.litestow.store.s3;

import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Which authorities to believe about an endpoint's certificate: those the JVM believes, and those in
 * the PEM file that {@code SSL_CERT_FILE}, or else {@code AWS_CA_BUNDLE}, names. The engine is told
 * the same file ({@link S3Scheme}).
 */
final class CertificateAuthorities {

    private CertificateAuthorities() {}

    /** Returns which authorities to believe; empty when the JVM's own authorities are all. */
    static Optional<TrustManager[]> of(Map<String, String> environment) throws Failure {
        Optional<String> name = Stream.of("SSL_CERT_FILE", "AWS_CA_BUNDLE")
                .filter(variable -> !environment.getOrDefault(variable, "").isBlank())
                .findFirst();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        String file = environment.get(name.get());
        try {
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int number = 0;
            for (Certificate certificate : read(Path.of(file))) {
                all.setCertificateEntry("file-" + number++, certificate);
            }
            if (number == 0) {
                throw unreadable(name.get(), file, "it holds no certificate", null);
            }
            for (TrustManager manager : managers(null)) {
                if (manager instanceof X509TrustManager x509) {
                    for (Certificate certificate : x509.getAcceptedIssuers()) {
                        all.setCertificateEntry("jvm-" + number++, certificate);
                    }
                }
            }
            return Optional.of(managers(all));
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            throw unreadable(name.get(), file, ErrorText.of(e), e);
        }
    }

    private static Collection<? extends Certificate> read(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static Failure unreadable(String variable, String file, String why, Exception cause) {
        return new Failure(
                FailureKind.SETTINGS,
                variable + " names " + file + ", which cannot be used: " + why,
                "Name a readable file with the authority's certificates in PEM form.",
                cause);
    }
}
