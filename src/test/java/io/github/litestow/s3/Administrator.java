package io.github.litestow.s3;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The test's own clients, one for each server; they hold nothing that would have to be closed. */
final class Administrator {
    private static final Map<URI, S3Client> CLIENTS = new ConcurrentHashMap<>();

    private Administrator() {}

    static S3Client of(URI endpoint) {
        return CLIENTS.computeIfAbsent(endpoint, Administrator::client);
    }

    private static S3Client client(URI endpoint) {
        return client(endpoint, S3Server.KEY_ID, S3Server.SECRET);
    }

    /** Returns a client with other keys. */
    static S3Client client(URI endpoint, String id, String secret) {
        return S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(endpoint)
                .region(Region.of(S3Server.REGION))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)))
                .overrideConfiguration(override -> override.addExecutionInterceptor(new WithoutExpect()))
                .build();
    }

    /** s3proxy 4.1.0 hangs up now and then when the JVM's HTTP client waits for "100 Continue". */
    private static final class WithoutExpect implements ExecutionInterceptor {
        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            return context.httpRequest().toBuilder().removeHeader("Expect").build();
        }
    }
}
