package io.github.litestow.store.s3;

import io.github.litestow.outcome.ErrorText;
import io.github.litestow.outcome.Failure;
import io.github.litestow.outcome.FailureKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jboss.logging.Logger;

/**
 * Which authorities to believe about an endpoint's certificate: those the JVM believes, and those the engine
 * believes (Go's {@code crypto/x509}), so that no endpoint is good for one of them only: the PEM file in
 * {@code SSL_CERT_FILE}, or else {@code AWS_CA_BUNDLE}, of which the engine is told as the first ({@link
 * S3Scheme}); without either, the bundle of the system; and whatever is in the folders of {@code
 * SSL_CERT_DIR}.
 */
final class CertificateAuthorities {
    private static final Logger LOG = Logger.getLogger(CertificateAuthorities.class);

    /** The first that exists counts. */
    private static final List<String> BUNDLES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/ca-bundle.pem",
            "/etc/pki/tls/cacert.pem",
            "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "/etc/ssl/cert.pem");

    private static final Pattern PEM = Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private CertificateAuthorities() {}

    /**
     * Returns which authorities to believe; empty when the JVM's own authorities are all.
     *
     * @param needed whether any is asked for; reading those of the system takes a moment
     */
    static Optional<TrustManager[]> of(Map<String, String> environment, boolean needed) throws Failure {
        try {
            Set<Certificate> believed =
                    new LinkedHashSet<>(named(environment).orElseGet(() -> needed ? ofSystem() : List.of()));
            for (String folder : environment.getOrDefault("SSL_CERT_DIR", "").split(":", -1)) {
                believed.addAll(folder(folder));
            }
            return believed.isEmpty() ? Optional.empty() : Optional.of(withThoseOfTheJvm(believed));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a key store in memory is always usable", e);
        }
    }

    private static TrustManager[] withThoseOfTheJvm(Set<Certificate> believed)
            throws IOException, GeneralSecurityException {
        KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
        all.load(null, null);
        int number = 0;
        for (Certificate certificate : believed) {
            all.setCertificateEntry("file-" + number++, certificate);
        }
        for (TrustManager manager : managers(null)) {
            if (manager instanceof X509TrustManager x509) {
                for (Certificate certificate : x509.getAcceptedIssuers()) {
                    all.setCertificateEntry("jvm-" + number++, certificate);
                }
            }
        }
        return managers(all);
    }

    private static List<Certificate> ofSystem() {
        return BUNDLES.stream()
                .map(Path::of)
                .filter(Files::isReadable)
                .findFirst()
                .map(CertificateAuthorities::lenient)
                .orElse(List.of());
    }

    private static Optional<List<Certificate>> named(Map<String, String> environment) throws Failure {
        Optional<String> name = Stream.of("SSL_CERT_FILE", "AWS_CA_BUNDLE")
                .filter(variable -> !environment.getOrDefault(variable, "").isBlank())
                .findFirst();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        String file = environment.get(name.get());
        try {
            List<Certificate> certificates = read(Path.of(file));
            if (certificates.isEmpty()) {
                throw unreadable(name.get(), file, "it holds no certificate", null);
            }
            return Optional.of(certificates);
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            throw unreadable(name.get(), file, ErrorText.of(e), e);
        }
    }

    /** What is no certificate is passed over, as the engine does: such a folder holds links and notes, too. */
    private static List<Certificate> folder(String name) {
        try {
            Path folder = Path.of(name);
            if (name.isEmpty() || !Files.isDirectory(folder)) {
                return List.of();
            }
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(Files::isRegularFile)
                        .flatMap(file -> lenient(file).stream())
                        .toList();
            }
        } catch (IOException | InvalidPathException e) {
            LOG.debugf(e, "no certificates are read from %s", name);
            return List.of();
        }
    }

    private static List<Certificate> lenient(Path file) {
        try {
            return read(file);
        } catch (IOException | GeneralSecurityException e) {
            LOG.debugf(e, "no certificates are read from %s", file);
            return List.of();
        }
    }

    private static List<Certificate> read(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> certificates = new ArrayList<>();
        Matcher pem = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (pem.find()) {
            byte[] text = pem.group().getBytes(StandardCharsets.ISO_8859_1);
            try {
                certificates.add(factory.generateCertificate(new ByteArrayInputStream(text)));
            } catch (CertificateException e) {
                LOG.debugf(e, "a certificate in %s is passed over", file);
            }
        }
        return certificates;
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
