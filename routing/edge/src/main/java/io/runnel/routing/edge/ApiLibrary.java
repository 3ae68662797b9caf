package io.runnel.routing.edge;

import io.runnel.exec.http.Exchange;
import io.runnel.routing.api.Api;
import io.runnel.routing.api.ApiDocument;
import io.runnel.routing.api.ApiDocumentException;
import io.runnel.routing.catalog.ApiRevisionRecord;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The documents of APIs that were called lately, read. To read one takes its time, so that is done
 * where what blocks is, once. Safe for any thread.
 */
public final class ApiLibrary {
    /** So many are kept; then they are read anew as they are called. */
    static final int MOST = 256;

    private static final Logger LOG = System.getLogger(ApiLibrary.class.getName());

    /** UTF-8 takes up to three bytes for each character of a text. */
    private static final int MOST_BYTES = 3 * Api.MOST_CHARACTERS;

    private final Executor workers;

    /**
     * By the record itself, which stays in the catalog as it is until it is written again: the
     * fastest way to find one, and a deleted API's name and numbers may come again, with other
     * documents. Replaced as a whole.
     */
    private volatile IdentityHashMap<ApiRevisionRecord, Held> held = new IdentityHashMap<>();

    /**
     * One that was read.
     *
     * @param api empty if it is none that this node understands
     * @param key of the record: {@code demo/shop@3}
     */
    record Held(ApiRevisionRecord revision, Optional<Api> api, String key) {}

    /** An empty one. */
    public ApiLibrary(Executor workers) {
        this.workers = workers;
    }

    /** Goes on with what a revision says, at once or on the exchange's event loop. */
    void find(ApiRevisionRecord revision, Exchange exchange, Consumer<Held> then) {
        Held known = held.get(revision);
        if (known != null) {
            then.accept(known);
            return;
        }
        exchange.holdBody();
        workers.execute(
                () -> {
                    Held entry = new Held(revision, read(revision), revision.key());
                    keep(entry);
                    exchange.onLoop(
                            () -> {
                                if (!exchange.isFinished()) {
                                    then.accept(entry);
                                }
                            });
                });
    }

    private synchronized void keep(Held one) {
        IdentityHashMap<ApiRevisionRecord, Held> all = new IdentityHashMap<>();
        if (held.size() < MOST) {
            all.putAll(held);
        }
        all.put(one.revision(), one);
        held = all;
    }

    private static Optional<Api> read(ApiRevisionRecord revision) {
        try {
            String document = revision.document().text(MOST_BYTES);
            return Optional.of(ApiDocument.read(document, revision.api().account()));
        } catch (ApiDocumentException | IllegalArgumentException e) {
            LOG.log(
                    Level.WARNING,
                    "revision {0} of an API is not understood here: {1}",
                    revision.key(),
                    e.getMessage());
            return Optional.empty();
        }
    }
}
