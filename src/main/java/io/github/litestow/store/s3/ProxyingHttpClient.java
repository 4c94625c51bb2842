package io.github.litestow.store.s3;

import io.github.litestow.store.s3.ProxyRules.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends each request the way that {@link ProxyRules} say, through a client made for that way: with a bucket
 * per host name, or without a configured region, requests go to more than one host. Safe for concurrent use.
 */
final class ProxyingHttpClient implements SdkHttpClient {
    private final ProxyRules rules;
    private final Function<Optional<Proxy>, SdkHttpClient> making;
    private final Map<Optional<Proxy>, SdkHttpClient> clients = new ConcurrentHashMap<>();

    /**
     * Creates it.
     *
     * @param rules which way to take
     * @param making makes the client of one way, empty when there is no proxy on it
     */
    ProxyingHttpClient(ProxyRules rules, Function<Optional<Proxy>, SdkHttpClient> making) {
        this.rules = rules;
        this.making = making;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        SdkHttpRequest to = request.httpRequest();
        Optional<Proxy> way = rules.to(to.protocol().equals("https"), to.host(), to.port());
        return clients.computeIfAbsent(way, making).prepareRequest(request);
    }

    @Override
    public String clientName() {
        return "UrlConnection";
    }

    @Override
    public void close() {
        clients.values().forEach(SdkHttpClient::close);
    }
}
