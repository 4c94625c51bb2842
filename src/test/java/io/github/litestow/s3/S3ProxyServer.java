package io.github.litestow.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** s3proxy 4.1.0 in this JVM, keeping its objects in memory. */
public final class S3ProxyServer implements S3Server {
    private final S3Proxy server;
    private final BlobStore objects;
    private final boolean secure;

    private S3ProxyServer(S3Proxy server, BlobStore objects, boolean secure) {
        this.server = server;
        this.objects = objects;
        this.secure = secure;
    }

    /** Starts one with an empty bucket. */
    public static S3ProxyServer start() {
        return start(Optional.empty(), "");
    }

    /** Starts one that speaks TLS only, with the certificate of a key store. */
    public static S3ProxyServer startWithTls(Path keyStore, String password) {
        return start(Optional.of(keyStore), password);
    }

    private static S3ProxyServer start(Optional<Path> keyStore, String password) {
        BlobStore objects = BlobStores.create("transient", new Properties());
        S3Proxy.Builder builder = S3Proxy.builder()
                .blobStore(objects)
                .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
                .ignoreUnknownHeaders(true)
                .endpoint(URI.create("http://127.0.0.1:0"));
        keyStore.ifPresent(file ->
                builder.secureEndpoint(URI.create("https://127.0.0.1:0")).keyStore(file.toString(), password));
        S3Proxy server = builder.build();
        S3ProxyServer started = new S3ProxyServer(server, objects, keyStore.isPresent());
        startUp(server);
        objects.createContainer(BUCKET);
        awaitFirstAnswer(server.getPort());
        return started;
    }

    /** A cold server takes its time for its first answer, and the program that asks next has a deadline. */
    private static void awaitFirstAnswer(int port) {
        try {
            URI unsigned = URI.create("http://127.0.0.1:" + port + "/" + BUCKET);
            int status = ((HttpURLConnection) unsigned.toURL().openConnection()).getResponseCode();
            if (status != HttpURLConnection.HTTP_FORBIDDEN) {
                throw new IllegalStateException("s3proxy answered " + status + " to a request without keys");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // s3proxy throws Exception itself.
    @SuppressWarnings("IllegalCatch")
    private static void startUp(S3Proxy server) {
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("s3proxy does not start", e);
        }
    }

    @Override
    public URI endpoint() {
        return secure
                ? URI.create("https://127.0.0.1:" + server.getSecurePort())
                : URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** Past HTTP and its signatures, both ends of which would be in this JVM: a thousand objects took 25 CPU-seconds. */
    @Override
    public void put(String key, byte[] body) {
        PutObjectRequest request = PutObjectRequest.builder()
                .bucket(BUCKET)
                .key(key)
                .contentLength((long) body.length)
                .build();
        objects.putBlob(request, new ByteArrayInputStream(body));
    }

    @Override
    @SuppressWarnings("IllegalCatch")
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("s3proxy does not stop", e);
        } finally {
            objects.close();
        }
    }
}
