package io.runnel.exec.microvm;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Finds the addresses of names for all guests of a node, by the computer's own resolver, which
 * blocks and heeds no interrupt: on a few threads of its own. Safe for any thread.
 */
final class NameLookup implements AutoCloseable {
    private static final int AT_ONCE = 16;
    private static final int WAITING = 256;
    private static final long LIMIT_SECONDS = 5;

    private final Predicate<InetAddress> allowed;
    private final ThreadPoolExecutor threads;

    /**
     * One for a node.
     *
     * @param allowed which addresses guests may be connected to, whatever name led there; may block
     */
    NameLookup(Predicate<InetAddress> allowed) {
        this.allowed = allowed;
        this.threads =
                new ThreadPoolExecutor(
                        AT_ONCE,
                        AT_ONCE,
                        1,
                        TimeUnit.MINUTES,
                        new LinkedBlockingQueue<>(WAITING),
                        Thread.ofPlatform().name("guest-names-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * A name's addresses that guests may be connected to, at least one. Blocks.
     *
     * @throws UnknownHostException if there are none, or not soon
     */
    List<InetAddress> addresses(String name) throws UnknownHostException {
        try {
            return CompletableFuture.supplyAsync(() -> find(name), threads)
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .orElseThrow(name);
        } catch (RejectedExecutionException | TimeoutException | ExecutionException e) {
            throw new UnknownHostException(name + ": not looked up: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(name);
        }
    }

    /** What was found. */
    private record Found(List<InetAddress> addresses) {
        List<InetAddress> orElseThrow(String name) throws UnknownHostException {
            if (addresses.isEmpty()) {
                throw new UnknownHostException(name);
            }
            return addresses;
        }
    }

    private Found find(String name) {
        try {
            return new Found(
                    Arrays.stream(InetAddress.getAllByName(name)).filter(allowed).toList());
        } catch (UnknownHostException e) {
            return new Found(List.of());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
