package io.runnel.region.server.authority;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * Answers other regions' {@code GET /v1/audit?after=SEQ} with the entries that follow, one a line;
 * fewer than {@link RegionStore#MOST_ENTRIES}, and there are no more. Safe for any thread.
 */
public final class AuditHandler implements Handler<HttpServerRequest> {
    /** Where the entries are. */
    public static final String PATH = "/v1/audit";

    private static final Logger LOG = System.getLogger(AuditHandler.class.getName());
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final Vertx vertx;
    private final Optional<RegionAuthority> authority;
    private final Executor disk;

    /**
     * Tells what this authority did.
     *
     * @param authority none where its key is missing
     * @param disk may block
     */
    public AuditHandler(Vertx vertx, Optional<RegionAuthority> authority, Executor disk) {
        this.vertx = vertx;
        this.authority = authority;
        this.disk = disk;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String after = request.getParam("after", "0");
        if (!NUMBER.matcher(after).matches()) {
            request.response().setStatusCode(BAD_REQUEST).end();
        } else if (authority.isEmpty()) {
            request.response().setStatusCode(NOT_FOUND).end();
        } else {
            answer(request, authority.get(), Long.parseLong(after));
        }
    }

    private void answer(HttpServerRequest request, RegionAuthority itself, long after) {
        Context context = vertx.getOrCreateContext();
        disk.execute(
                () -> {
                    Optional<List<String>> entries = read(itself, after);
                    context.runOnContext(read -> answer(request, entries));
                });
    }

    private static Optional<List<String>> read(RegionAuthority itself, long after) {
        try {
            return Optional.of(itself.audit(after, RegionStore.MOST_ENTRIES));
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "the audit log cannot be read", e);
            return Optional.empty();
        }
    }

    private static void answer(HttpServerRequest request, Optional<List<String>> entries) {
        if (request.response().closed()) {
            return;
        }
        entries.ifPresentOrElse(
                lines ->
                        request.response()
                                .putHeader("Content-Type", "application/x-ndjson")
                                .end(String.join("\n", lines)),
                () -> request.response().setStatusCode(UNAVAILABLE).end());
    }
}
