package io.runnel.chaos.proxy;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A running fault proxy: its HTTP API and all links made by it. Safe for any thread.
 *
 * <p>The API asks for no credentials, as Toxiproxy's does not: it belongs on loopback.
 */
public final class FaultProxy implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;
    private final Links links;

    private FaultProxy(HttpServer server, ExecutorService threads, Links links) {
        this.server = server;
        this.threads = threads;
        this.links = links;
    }

    /**
     * Starts one.
     *
     * @param listen where its API answers; port 0 takes a free one
     * @param seed what every chance comes from: which connections a toxic hits, jitter, slices
     * @throws IOException if the address cannot be listened on
     */
    public static FaultProxy start(InetSocketAddress listen, long seed) throws IOException {
        HttpServer server = HttpServer.create(listen, 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Links links = new Links(seed, System::nanoTime);
        server.createContext("/", new Api(links));
        server.setExecutor(threads);
        server.start();
        return new FaultProxy(server, threads, links);
    }

    /** Where its API answers. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Ends the API, every link and every connection. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        links.close();
    }
}
