package io.runnel.region.server;

import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundException;
import io.runnel.exec.wasi.OutboundHttp;
import io.runnel.exec.wasi.OutboundRequest;
import io.runnel.exec.wasi.OutboundUrl;
import io.runnel.region.server.control.WebDocuments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Documents of the public internet, over the way that guests' requests take: never of an address
 * that leads to this machine or its neighbours, whatever a name says.
 */
record PublicDocuments(OutboundHttp http) implements WebDocuments {
    static final int MOST_BYTES = 256 * 1024;
    private static final Duration MOST_TO_ANSWER = Duration.ofSeconds(5);
    private static final int HTTPS = 443;
    private static final int OK = 200;

    @Override
    public String get(URI where) throws IOException {
        if (!"https".equals(where.getScheme()) || where.getHost() == null) {
            throw new IOException("not an https URL: " + where);
        }
        String path = where.getRawPath().isEmpty() ? "/" : where.getRawPath();
        String query = where.getRawQuery() == null ? "" : "?" + where.getRawQuery();
        OutboundUrl url =
                new OutboundUrl(
                        true,
                        where.getHost().toLowerCase(Locale.ROOT),
                        where.getPort() < 0 ? HTTPS : where.getPort(),
                        path + query);
        OutboundRequest request = new OutboundRequest("GET", url, List.of(), new byte[0]);
        try (OutboundAnswer answer = http.send(request, MOST_TO_ANSWER)) {
            if (answer.status() != OK) {
                throw new IOException("%s answers %d".formatted(where, answer.status()));
            }
            return read(answer, where);
        } catch (OutboundException e) {
            throw new IOException("%s: %s".formatted(where, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static String read(OutboundAnswer answer, URI where)
            throws IOException, OutboundException, InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        for (int count = answer.read(some, 0, some.length, MOST_TO_ANSWER);
                count > 0;
                count = answer.read(some, 0, some.length, MOST_TO_ANSWER)) {
            all.write(some, 0, count);
            if (all.size() > MOST_BYTES) {
                throw new IOException("%s is longer than %d bytes".formatted(where, MOST_BYTES));
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
