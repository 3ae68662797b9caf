package io.runnel.region.server.control;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.LambdaControl;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests that are too large for memory, each received into a file that goes with its answer. On
 * the requests' event loops.
 */
final class RequestFiles {
    /** At once; and of one account, so that who knows another's key's name holds up only that. */
    static final int MOST = 4;

    static final int MOST_OF_ONE = 2;

    /** A request that is here. */
    record Received(Path file, CodeDigest digest) {}

    private final Vertx vertx;
    private final Path folder;
    private final Map<AccountId, Integer> underWay = new HashMap<>();
    private final AtomicLong names = new AtomicLong();

    RequestFiles(Vertx vertx, Path folder) {
        this.vertx = vertx;
        this.folder = folder;
    }

    /**
     * Receives a request's body.
     *
     * @param account for which it says to be
     * @throws RefusedException if it says that it is too large, or there are as many already
     */
    CompletionStage<Received> receive(Exchange exchange, AccountId account) {
        if (Upload.announcedBytes(exchange.request()) > LambdaControl.MOST_BODY.bytes()) {
            throw new RefusedException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "at most %s".formatted(LambdaControl.MOST_BODY));
        }
        if (!begin(account)) {
            throw new RefusedException(ErrorCode.OVER_CAPACITY);
        }
        Path file = folder.resolve("request-" + names.incrementAndGet());
        exchange.whenFinished(
                () -> {
                    end(account);
                    remove(file);
                });
        return new Upload(vertx, exchange, file, LambdaControl.MOST_BODY.bytes())
                .receive()
                .whenComplete(
                        (digest, failure) -> {
                            if (failure != null) {
                                // It may have been made after its request was gone.
                                remove(file);
                            }
                        })
                .thenApply(digest -> new Received(file, digest));
    }

    private boolean begin(AccountId account) {
        synchronized (underWay) {
            int all = underWay.values().stream().mapToInt(Integer::intValue).sum();
            int its = underWay.getOrDefault(account, 0);
            if (all >= MOST || its >= MOST_OF_ONE) {
                return false;
            }
            underWay.put(account, its + 1);
            return true;
        }
    }

    private void end(AccountId account) {
        synchronized (underWay) {
            underWay.compute(account, (key, its) -> its == null || its == 1 ? null : its - 1);
        }
    }

    private void remove(Path file) {
        var unused = vertx.fileSystem().delete(file.toString());
    }
}
